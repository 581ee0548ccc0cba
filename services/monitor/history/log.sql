Named queries of the public log; log.py is their only caller.

-- name: fold
-- What the moves of ($1, $2] come to, per cell of every area ($3 lies in $4 in the years $18 to $19) and period around. The rest narrows
-- down: indicators, kind, source, period, the cell to go on after, how many, and the code.
WITH spot AS (
    SELECT indicator, source, area, period, sum(sign * respondents) AS respondents, sum(sign * n) AS n,
           sum(sign * total) AS total, sum(sign * low_n) AS low_n, sum(sign * high_n) AS high_n,
           sum(sign * numerator) AS numerator, sum(sign * denominator) AS denominator,
           sum(sign * detailed_n) AS detailed_n
    FROM public_move
    WHERE publication > $1 AND publication <= $2
      AND ($7::text[] IS NULL OR indicator = ANY($7)) AND ($9::text IS NULL OR source = $9)
      AND ($10::text IS NULL OR left(period, 4) = left($10, 4))
    GROUP BY indicator, source, area, period
), spot_class AS (
    SELECT indicator, source, area, period, class, sum(sign * people) AS people
    FROM public_move, unnest(histogram) WITH ORDINALITY AS bar (people, class)
    WHERE publication > $1 AND publication <= $2
      AND ($7::text[] IS NULL OR indicator = ANY($7)) AND ($9::text IS NULL OR source = $9)
      AND ($10::text IS NULL OR left(period, 4) = left($10, 4))
    GROUP BY indicator, source, area, period, class
), place AS (
    SELECT area, wider, since, until
    FROM unnest($3::text[], $4::text[], $18::integer[], $19::integer[]) AS row (area, wider, since, until)
), subject AS (
    SELECT indicator, theme FROM unnest($5::text[], $6::text[]) AS row (indicator, theme)
), stretch AS (
    SELECT period, longer FROM (SELECT DISTINCT period FROM spot) AS known, unnest(
        CASE WHEN length(period) = 4 THEN ARRAY[period]
             WHEN period LIKE '%Q_' THEN ARRAY[period, left(period, 4)]
             ELSE ARRAY[period, left(period, 4) || '-Q' || (right(period, 2)::integer + 2) / 3, left(period, 4)] END
    ) AS longer WHERE $10::text IS NULL OR longer = $10
), wide AS (
    SELECT indicator, source, wider AS area, longer AS period, sum(respondents) AS respondents, sum(n) AS n,
           sum(total) AS total, sum(low_n) AS low_n, sum(high_n) AS high_n,
           sum(numerator) AS numerator, sum(denominator) AS denominator, sum(detailed_n) AS detailed_n
    FROM spot JOIN place USING (area) JOIN stretch USING (period)
    WHERE left(period, 4)::integer BETWEEN since AND until
    GROUP BY indicator, source, wider, longer
), wide_class AS (
    SELECT indicator, source, wider AS area, longer AS period, class, sum(people) AS people
    FROM spot_class JOIN place USING (area) JOIN stretch USING (period)
    WHERE left(period, 4)::integer BETWEEN since AND until
    GROUP BY indicator, source, wider, longer, class
), cell AS (
    SELECT 'indicator' COLLATE "C" AS kind, indicator COLLATE "C" AS code, source COLLATE "C" AS source,
           area COLLATE "C" AS area, period COLLATE "C" AS period,
           respondents, n, total, low_n, high_n, numerator, denominator, detailed_n
    FROM wide
    UNION ALL
    SELECT 'theme' COLLATE "C", theme COLLATE "C", source COLLATE "C", area COLLATE "C", period COLLATE "C",
           sum(respondents), sum(n), sum(total), sum(low_n), sum(high_n), sum(numerator), sum(denominator),
           sum(detailed_n)
    FROM wide JOIN subject USING (indicator) WHERE source = 'dialogue' GROUP BY theme, source, area, period
), cell_class AS (
    SELECT 'indicator' COLLATE "C" AS kind, indicator COLLATE "C" AS code, source COLLATE "C" AS source,
           area COLLATE "C" AS area, period COLLATE "C" AS period, class, people
    FROM wide_class
    UNION ALL
    SELECT 'theme' COLLATE "C", theme COLLATE "C", source COLLATE "C", area COLLATE "C", period COLLATE "C",
           class, sum(people)
    FROM wide_class JOIN subject USING (indicator) WHERE source = 'dialogue'
    GROUP BY theme, source, area, period, class
), bars AS (
    SELECT kind, code, source, area, period, array_agg(people::bigint ORDER BY class) AS histogram FROM cell_class
    GROUP BY kind, code, source, area, period HAVING bool_or(people <> 0)
)
SELECT kind, code, source, area, period, respondents::bigint, n::bigint, total, low_n::bigint, high_n::bigint,
       numerator::bigint, denominator::bigint, detailed_n::bigint, coalesce(histogram, '{}') AS histogram
FROM cell LEFT JOIN bars USING (kind, code, source, area, period)
WHERE ((respondents, n, total, low_n, high_n, numerator, denominator, detailed_n) <> (0, 0, 0, 0, 0, 0, 0, 0)
       OR histogram IS NOT NULL)
  AND ($8::text IS NULL OR kind = $8) AND ($17::text IS NULL OR code = $17)
  AND ($11::text IS NULL OR (kind, code, source, area, period) > ($11, $12, $13, $14, $15))
ORDER BY kind, code, source, area, period LIMIT $16

-- name: figure_sum
-- Fast path, for the benchmark row `why a municipality's figure moved`: one plan for whatever is asked.
-- What the moves of one figure past ($1, $2, $3] and up to ($4, $5, $6] come to. Places are compared as rows only: by
-- publication alone Postgres would look through everything that was published between, once it knows no values. Areas come
-- as one text: of an array every element is looked at on its way. They and the periods are a SELECT, so that the planner
-- cannot look at them: it plans once, where planning anew for hundreds of areas takes longer than the answer.
WITH move AS (
    SELECT * FROM public_move
    WHERE indicator = ANY((SELECT $7::text[])::text[]) AND source = (SELECT $8::text)
      AND area = ANY((SELECT string_to_array($9, ' '))::text[]) AND period = ANY((SELECT $10::text[])::text[])
      AND (publication, origin, entry) > ($1, $2, $3) AND (publication, origin, entry) <= ($4, $5, $6)
)
SELECT coalesce(sum(sign * respondents), 0)::bigint AS respondents, coalesce(sum(sign * n), 0)::bigint AS n,
       coalesce(sum(sign * total), 0) AS total, coalesce(sum(sign * low_n), 0)::bigint AS low_n,
       coalesce(sum(sign * high_n), 0)::bigint AS high_n,
       coalesce(sum(sign * numerator), 0)::bigint AS numerator,
       coalesce(sum(sign * denominator), 0)::bigint AS denominator,
       coalesce(sum(sign * detailed_n), 0)::bigint AS detailed_n,
       coalesce((SELECT array_agg(people::bigint ORDER BY class) FROM (
           SELECT class, sum(sign * people) AS people FROM move, unnest(histogram) WITH ORDINALITY AS bar (people, class)
           GROUP BY class) AS classes HAVING bool_or(people <> 0)), '{}') AS histogram
FROM move

-- name: figure_moves
-- Fast path, for the benchmark row `why a municipality's figure moved`: one plan for whatever is asked.
-- The moves of one figure past ($1, $2, $3) and up to publication $4, in order. See figure_sum. A page is taken before
-- its publications are looked up: joined first, every line would be held against every publication.
SELECT m.*, p.at, p.reason FROM (
    SELECT * FROM public_move
    WHERE indicator = ANY((SELECT $5::text[])::text[]) AND source = (SELECT $6::text)
      AND area = ANY((SELECT string_to_array($7, ' '))::text[]) AND period = ANY((SELECT $8::text[])::text[])
      AND (publication, origin, entry) > ($1, $2, $3) AND (publication, origin, entry) < ($4 + 1, '', 0)
    ORDER BY publication, origin, entry LIMIT $9
) AS m JOIN publication AS p ON p.number = m.publication
ORDER BY m.publication, m.origin, m.entry

-- name: moves
-- All moves past ($1, $2, $3) and up to publication $4, in order.
SELECT m.*, p.at, p.reason FROM public_move AS m JOIN publication AS p ON p.number = m.publication
WHERE m.publication >= $1 AND m.publication <= $4 AND (m.publication, m.origin, m.entry) > ($1, $2, $3)
ORDER BY m.publication, m.origin, m.entry LIMIT $5

-- name: newest
SELECT number FROM publication_head

-- name: at_moment
SELECT coalesce(max(number), 0) FROM publication WHERE at <= $1

-- name: publication_of_edition
SELECT publication FROM edition WHERE id = $1

-- name: moment_of
SELECT at FROM publication WHERE number = $1

-- name: frame_areas
SELECT code, name, level, parent, valid_from, valid_until,
       coalesce((SELECT json_agg(json_build_object('until', until, 'parent', earlier.parent) ORDER BY until)
                 FROM area_before AS earlier WHERE earlier.code = area.code), '[]')::text AS before
FROM area ORDER BY code COLLATE "C"

-- name: frame_indicators
SELECT code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner FROM indicator
ORDER BY code COLLATE "C"

-- name: live
SELECT respondents, n, total, low_n, high_n, numerator, denominator, detailed_n, histogram, publication FROM published
WHERE kind = $1 AND code = $2 AND source = $3 AND area = $4 AND period = $5

-- name: newest_year
-- The newest year of a figure that has something public.
SELECT max(period) FROM published
WHERE kind = $1 AND code = $2 AND source = $3 AND area = $4 AND length(period) = 4 AND respondents > 0
