-- The first and the last day of a period: a month `2019-03`, a quarter `2019-Q1` or a year `2019`.
CREATE FUNCTION first_day(period text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT make_date(left(period, 4)::integer, CASE
        WHEN length(period) = 4 THEN 1
        WHEN substr(period, 6, 1) = 'Q' THEN 3 * right(period, 1)::integer - 2
        ELSE right(period, 2)::integer END, 1)
$$;
CREATE FUNCTION last_day(period text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (first_day(period) + CASE
        WHEN length(period) = 4 THEN interval '1 year'
        WHEN substr(period, 6, 1) = 'Q' THEN interval '3 months'
        ELSE interval '1 month' END)::date - 1
$$;
-- The rest of what areas may know of what is counted in them: whether anything is of before a day or of a day or later.
-- A dialogue has a day, a row of a file is held to the first day of its period and to the 1 January of its division, and
-- of what is counted of them only the period is known. Who has the programme or an outcome on a day was there that day.
CREATE FUNCTION counted_outside(place text, since date, until date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM dialogue WHERE area = place AND (held_on < since OR held_on >= until))
        OR EXISTS (SELECT FROM observation WHERE area = place AND (
            least(first_day(period), make_date(geography, 1, 1)) < since
            OR greatest(first_day(period), make_date(geography, 1, 1)) >= until))
        OR EXISTS (SELECT FROM contribution WHERE area = place
                   AND (last_day(period) < since OR first_day(period) >= until))
        OR EXISTS (SELECT FROM unit WHERE area = place AND (last_day(period) < since OR first_day(period) >= until))
        OR EXISTS (SELECT FROM packet WHERE area = place AND (last_day(period) < since OR first_day(period) >= until))
        OR EXISTS (SELECT FROM initiative_outcome WHERE area = place AND (achieved_on < since OR achieved_on >= until))
        OR EXISTS (SELECT FROM programme_area WHERE area = place AND (valid_from < since OR valid_from >= until))
$$;
