-- What was said of an area stands in the outbox; here is how it is since its last change, and how it was before.
CREATE TABLE area_before (
    code   text NOT NULL REFERENCES area ON DELETE CASCADE,
    until  date NOT NULL,  -- the first day on which it was otherwise
    name   text NOT NULL,
    parent text REFERENCES area,
    PRIMARY KEY (code, until)
);
-- Areas and lines of the crosswalk come to be by one, and go and are otherwise by one here: who read at the same numbers
-- read the same.
CREATE TABLE area_head (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    revised bigint NOT NULL
);
INSERT INTO area_head (revised) VALUES (0);
-- The calendar day in the Netherlands.
CREATE FUNCTION today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Europe/Amsterdam')::date
$$;
-- Nearly no area was ever otherwise.
CREATE FUNCTION name_on(area, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT name FROM area_before WHERE code = $1.code AND $2 < until ORDER BY until LIMIT 1), $1.name)
$$;
CREATE FUNCTION parent_on(area, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT parent FROM area_before WHERE code = $1.code AND $2 < until ORDER BY until LIMIT 1),
                    $1.parent)
$$;
-- All that areas may know of what is counted in them: whether anything ever was, public or not, in or after a year.
CREATE FUNCTION counted_in(areas text[], year integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM contribution WHERE area = ANY($1) AND left(period, 4)::integer >= $2)
        OR EXISTS (SELECT FROM dialogue WHERE area = ANY($1) AND extract(year FROM held_on) >= $2)
        OR EXISTS (SELECT FROM unit WHERE area = ANY($1) AND left(period, 4)::integer >= $2)
        OR EXISTS (SELECT FROM packet WHERE area = ANY($1) AND left(period, 4)::integer >= $2)
        OR EXISTS (SELECT FROM observation WHERE area = ANY($1) AND left(period, 4)::integer >= $2)
$$;
