Named queries of observations; store.py is their only caller.

-- name: one_at_a_time
SELECT pg_advisory_xact_lock(hashtextextended('monitor observations', 0))

-- name: hold_steps
SELECT pg_advisory_xact_lock(hashtextextended('monitor observation steps', 0))

-- name: series
SELECT indicator, source, string_agg(period || ' ' || level, ',') AS periods FROM observation_series
GROUP BY indicator, source

-- name: insert_series
INSERT INTO observation_series (indicator, source, period, level)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])

-- name: create_staged
CREATE TEMP TABLE staged (
    line integer, indicator text, version integer, source text, method text, area text, geography smallint, period text,
    respondents bigint, n bigint, total numeric, squares numeric, spread_n bigint, numerator bigint,
    denominator bigint, histogram bigint[]
) ON COMMIT DROP

-- name: create_ended
CREATE TEMP TABLE ended (LIKE observation) ON COMMIT DROP

-- name: take_out_doubles
-- Lines about what an earlier line of the file is about.
WITH double AS (
    SELECT line, first FROM (
        SELECT line, first_value(line) OVER (PARTITION BY indicator, source, period, area, method ORDER BY line) AS first
        FROM staged) AS every
    WHERE line <> first
), gone AS (
    DELETE FROM staged USING double WHERE staged.line = double.line
)
SELECT line, first FROM double ORDER BY line

-- name: take_out_unchanged
-- Lines that say what was said before.
WITH same AS (
    SELECT s.line FROM staged AS s
    JOIN observation AS o USING (indicator, source, period, area, method)
    WHERE o.dissolved IS NULL
      AND (s.version, s.geography, s.respondents, s.n, s.total, s.squares, s.spread_n, s.numerator, s.denominator,
           s.histogram)
        = (o.version, o.geography, o.respondents, o.n, o.total, o.squares, o.spread_n, o.numerator, o.denominator,
           o.histogram)
)
DELETE FROM staged USING same WHERE staged.line = same.line

-- name: take_out_revealing
-- Corrections that beside what they correct would tell of fewer people than the threshold of their source.
WITH revealing AS (
    SELECT s.line, s.respondents, o.respondents AS before, t.threshold
    FROM staged AS s
    JOIN observation AS o USING (indicator, source, period, area, method)
    JOIN unnest($1::text[], $2::bigint[]) AS t (source, threshold) USING (source)
    WHERE o.dissolved IS NULL AND o.published IS NOT NULL
      AND (s.respondents < t.threshold OR abs(s.respondents - o.respondents) BETWEEN 1 AND t.threshold - 1)
), gone AS (
    DELETE FROM staged USING revealing WHERE staged.line = revealing.line
)
SELECT line, respondents, before, threshold FROM revealing ORDER BY line

-- name: find_replaced
INSERT INTO ended SELECT o.* FROM staged JOIN observation AS o USING (indicator, source, period, area, method)
WHERE o.dissolved IS NULL

-- name: public_replaced
SELECT DISTINCT indicator, source, left(period, 4) AS year FROM ended WHERE published IS NOT NULL

-- name: drop_pending
-- What nobody saw yet leaves no trace.
DELETE FROM observation AS o USING ended AS e
WHERE (o.indicator, o.source, o.period, o.area, o.method) = (e.indicator, e.source, e.period, e.area, e.method)
  AND o.dissolved IS NULL AND e.pending

-- name: forget_ended
-- One ended line is enough to know that a unit stood for it.
DELETE FROM observation AS o USING ended AS e
WHERE (o.indicator, o.source, o.period, o.area, o.method) = (e.indicator, e.source, e.period, e.area, e.method)
  AND o.dissolved IS NOT NULL AND o.published IS NULL AND e.published IS NULL AND NOT e.pending

-- name: end_replaced
-- What waited as a unit is ended at the last publication; the step that publishes what replaces it takes the unit away.
UPDATE observation AS o SET ended_by = $2,
    dissolved = CASE WHEN e.published IS NULL THEN (SELECT number FROM publication_head) ELSE $1 END
FROM ended AS e
WHERE (o.indicator, o.source, o.period, o.area, o.method) = (e.indicator, e.source, e.period, e.area, e.method)
  AND o.dissolved IS NULL

-- name: insert_new
INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period, respondents, n,
                         total, squares, spread_n, numerator, denominator, histogram, pending)
SELECT $1, line, indicator, version, source, method, area, geography, period, respondents, n, total, squares, spread_n,
       numerator, denominator, histogram, true
FROM staged

-- name: insert_beside_replaced
-- What replaces a public line takes its place at once.
INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period, respondents, n,
                         total, squares, spread_n, numerator, denominator, histogram, published, pending)
SELECT $1, s.line, indicator, s.version, source, method, area, s.geography, period, s.respondents, s.n, s.total,
       s.squares, s.spread_n, s.numerator, s.denominator, s.histogram,
       CASE WHEN e.published IS NOT NULL THEN $2::bigint END, e.published IS NULL
FROM staged AS s LEFT JOIN ended AS e USING (indicator, source, period, area, method)

-- name: insert_pending
INSERT INTO observation_pending (import, indicator, source, year)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])

-- name: take_pending
DELETE FROM observation_pending AS p WHERE (import, indicator, source, year) = (
    SELECT import, indicator, source, year FROM observation_pending ORDER BY import, indicator, source, year LIMIT 1
    FOR UPDATE)
RETURNING import, indicator, source, year, (SELECT event FROM observation_import AS i WHERE i.id = p.import) AS event

-- name: waiting_lines
-- Lines of a step that are public as they are, and others: with too few respondents, or in the place of one that had.
WITH line AS (
    SELECT o.*, EXISTS (
        SELECT FROM observation AS was
        WHERE (was.indicator, was.source, was.period, was.area, was.method)
            = (o.indicator, o.source, o.period, o.area, o.method)
          AND was.dissolved IS NOT NULL AND was.published IS NULL) AS replaces
    FROM observation AS o
    WHERE o.indicator = $2 AND o.source = $3 AND o.period >= $4 AND o.period < $5 AND o.import = $1 AND o.pending
      AND o.dissolved IS NULL
)
SELECT *, respondents >= $6 AND NOT replaces AS large FROM line ORDER BY line

-- name: publish_lines
UPDATE observation SET published = $1, pending = false
WHERE indicator = $3 AND source = $4 AND period >= $5 AND period < $6 AND import = $2 AND pending
  AND line = ANY($7::integer[])

-- name: keep_as_units
UPDATE observation SET pending = false
WHERE indicator = $2 AND source = $3 AND period >= $4 AND period < $5 AND import = $1 AND pending

-- name: published_deltas
-- What a publication publishes of an indicator, source and year, less what it dissolves, for the figures of every area
-- and period around.
WITH RECURSIVE moved AS (
    SELECT area, period, CASE WHEN published = $1 THEN 1 ELSE -1 END AS sign, respondents, n, total, squares, spread_n,
           numerator, denominator, histogram
    FROM observation
    WHERE indicator = $2 AND source = $3 AND period >= $4 AND period < $5 AND (published = $1 OR dissolved = $1)
      AND published IS NOT NULL
), around AS (
    SELECT code AS area, code, level, parent FROM area WHERE code IN (SELECT area FROM moved)
    UNION ALL
    SELECT around.area, above.code, above.level, above.parent FROM around JOIN area AS above ON above.code = around.parent
)
SELECT 'indicator' AS kind, $2 AS code, $3 AS source, around.code AS area, wide.wider AS period,
       (SELECT theme FROM indicator WHERE code = $2) AS theme, around.level,
       sum(sign * respondents)::bigint AS respondents, sum(sign * n)::bigint AS n, sum(sign * total) AS total,
       sum(sign * squares) AS squares, sum(sign * spread_n)::bigint AS spread_n,
       sum(sign * numerator)::bigint AS numerator, sum(sign * denominator)::bigint AS denominator,
       coalesce(counts_sum(ARRAY(SELECT sign * people FROM unnest(histogram) WITH ORDINALITY AS bar (people, class)
                                 ORDER BY class)) FILTER (WHERE histogram <> '{}'), '{}') AS histogram
FROM moved
JOIN around USING (area)
JOIN unnest($6::text[], $7::text[]) AS wide (period, wider) USING (period)
GROUP BY around.code, wide.wider, around.level
ORDER BY wide.wider, around.code

-- name: periods_of
SELECT DISTINCT period FROM observation
WHERE indicator = $1 AND source = $2 AND period >= $3 AND period < $4

-- name: note_publication
UPDATE observation_upload SET publication = $2 WHERE id = $1

-- name: insert_import
INSERT INTO observation_import (id, sha256, file_name, rows, refused, replaced, at, event)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: insert_upload
INSERT INTO observation_upload (id, sha256, file_name, good_rows, state, size, started_at, seen_at)
VALUES ($1, $2, $3, $4, 'reading', $5, $6, $6)

-- name: progress
UPDATE observation_upload SET position = $2, rows = $3, seen_at = now() WHERE id = $1 AND state = 'reading'

-- name: finish
UPDATE observation_upload
SET state = $2, position = size, rows = $3, stored = $4, replaced = $5, unchanged = $6, refused = $7, errors = $8, seen_at = now()
WHERE id = $1

-- name: upload
SELECT *, (SELECT count(*) FROM observation_pending WHERE import = id) AS steps_left FROM observation_upload WHERE id = $1

-- name: accepted
SELECT *, (SELECT count(*) FROM observation_pending WHERE import = id) AS steps_left FROM observation_upload WHERE sha256 = $1 AND state = 'accepted' ORDER BY started_at LIMIT 1

-- name: uploads
SELECT *, (SELECT count(*) FROM observation_pending WHERE import = id) AS steps_left FROM observation_upload ORDER BY started_at DESC, id DESC LIMIT $1

-- name: count_uploads
SELECT CASE WHEN state = 'reading' AND seen_at < now() - $1::interval THEN 'interrupted' ELSE state END AS state,
       count(*) AS uploads
FROM observation_upload GROUP BY 1

-- name: count_pending
SELECT count(*) FROM observation_pending

-- name: errors
SELECT line, cell, "column", value, reason FROM observation_error WHERE upload = $1 ORDER BY line, number LIMIT $2

-- name: errors_after
SELECT line, number, cell, "column", value, reason FROM observation_error
WHERE upload = $1 AND (line, number) > ($2, $3) ORDER BY line, number LIMIT 5000

-- name: fail
UPDATE observation_upload SET state = 'failed', seen_at = now() WHERE id = $1 AND state = 'reading'

-- name: published
-- What stands and is published as it is: of an indicator and a source, or of all.
SELECT indicator, version, source, method, area, geography, period, n, total, squares, spread_n, numerator, denominator,
       histogram
FROM observation
WHERE dissolved IS NULL AND published IS NOT NULL AND ($1::text IS NULL OR indicator = $1)
  AND ($2::text IS NULL OR source = $2)
ORDER BY indicator, source, period, area, method

-- name: imports
SELECT id, sha256, rows, refused, replaced, at, event FROM observation_import ORDER BY at DESC, id LIMIT $1
