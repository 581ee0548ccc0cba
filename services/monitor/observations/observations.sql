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
    denominator bigint, histogram bigint[], public_total numeric, low_n bigint, high_n bigint, detailed_n bigint,
    public_histogram bigint[], as_exported boolean, coarse boolean DEFAULT false, waiting boolean DEFAULT false
) ON COMMIT DROP

-- name: create_ended
CREATE TEMP TABLE ended (LIKE observation) ON COMMIT DROP

-- name: take_out_doubles
-- Lines about what an earlier line of the file is about.
WITH double AS (
    SELECT line, first FROM (
        SELECT line, first_value(line) OVER (PARTITION BY indicator, source, period, area ORDER BY line) AS first
        FROM staged) AS every
    WHERE line <> first
), gone AS (
    DELETE FROM staged USING double WHERE staged.line = double.line
)
SELECT line, first FROM double ORDER BY line

-- name: take_back
-- Corrections that waited, where what is public is said again.
DELETE FROM observation AS gone USING staged AS s, observation AS o
WHERE (gone.indicator, gone.source, gone.period, gone.area) = (s.indicator, s.source, s.period, s.area) AND gone.waiting
  AND (o.indicator, o.source, o.period, o.area) = (s.indicator, s.source, s.period, s.area)
  AND o.published IS NOT NULL AND o.dissolved IS NULL AND NOT s.as_exported
  AND (s.version, s.method, s.geography, s.respondents, s.n, s.total, s.squares, s.spread_n, s.numerator, s.denominator,
       s.histogram)
    = (o.version, o.method, o.geography, o.respondents, o.n, o.total, o.squares, o.spread_n, o.numerator, o.denominator,
       o.histogram)

-- name: take_out_unchanged
-- Lines that say what was said before: exactly, or as what stands is public.
WITH same AS (
    SELECT DISTINCT s.line FROM staged AS s
    JOIN observation AS o USING (indicator, source, period, area)
    WHERE o.dissolved IS NULL AND (s.version, s.method, s.geography, s.respondents, s.n)
        = (o.version, o.method, o.geography, o.respondents, o.n)
      AND (NOT s.as_exported
           AND (s.total, s.squares, s.spread_n, s.numerator, s.denominator, s.histogram)
             = (o.total, o.squares, o.spread_n, o.numerator, o.denominator, o.histogram)
           OR s.as_exported AND o.published IS NOT NULL
           AND (s.public_total, s.low_n, s.high_n, s.histogram)
             = (o.public_total, o.low_n, o.high_n, o.public_histogram)
           OR NOT s.as_exported AND o.published IS NOT NULL
           AND (s.total, s.spread_n, s.numerator, s.denominator, s.histogram, 0, 0)
             = (o.public_total, 0, o.numerator, o.denominator, o.public_histogram, o.low_n, o.high_n))
)
DELETE FROM staged USING same WHERE staged.line = same.line

-- name: take_out_exported
-- Lines that say no more than an export does, and not what is public.
DELETE FROM staged WHERE as_exported RETURNING line, indicator

-- name: index_staged
CREATE INDEX ON staged (line)

-- name: corrections
-- Lines about what was public, each with every version of it that ever was.
SELECT s.line, s.indicator, s.source, s.respondents, s.n, s.total, s.squares, s.spread_n, s.numerator, s.denominator,
       s.histogram, o.respondents AS was_respondents, o.n AS was_n, o.total AS was_total, o.numerator AS was_numerator,
       o.denominator AS was_denominator, o.histogram AS was_histogram, o.coarse AS was_coarse
FROM staged AS s JOIN observation AS o USING (indicator, source, period, area)
WHERE o.published IS NOT NULL ORDER BY s.line

-- name: set_waiting
UPDATE staged SET waiting = true, public_total = NULL, low_n = 0, high_n = 0, detailed_n = 0, public_histogram = '{}'
WHERE line = ANY($1::integer[])

-- name: set_coarse
UPDATE staged SET coarse = true, public_total = row.total, low_n = row.low_n, high_n = row.high_n, detailed_n = 0,
                  public_histogram = '{}'
FROM unnest($1::integer[], $2::numeric[], $3::bigint[], $4::bigint[]) AS row (line, total, low_n, high_n)
WHERE staged.line = row.line

-- name: subjects
-- What an import tells of: nothing of a correction that waits.
SELECT DISTINCT indicator, source FROM staged WHERE NOT waiting

-- name: find_replaced
INSERT INTO ended SELECT o.* FROM staged AS s JOIN observation AS o USING (indicator, source, period, area)
WHERE o.dissolved IS NULL AND NOT o.waiting AND NOT s.waiting

-- name: public_replaced
SELECT DISTINCT indicator, source, left(period, 4) AS year FROM ended WHERE published IS NOT NULL

-- name: drop_waiting
DELETE FROM observation AS o USING staged AS s
WHERE (o.indicator, o.source, o.period, o.area) = (s.indicator, s.source, s.period, s.area) AND o.waiting

-- name: drop_unseen
-- What nobody saw yet leaves no trace: what is to be published, and a small count, for which no unit stands.
DELETE FROM observation AS o USING ended AS e
WHERE (o.indicator, o.source, o.period, o.area) = (e.indicator, e.source, e.period, e.area)
  AND o.dissolved IS NULL
  AND (e.pending OR e.published IS NULL AND (SELECT measure FROM indicator WHERE code = e.indicator) = 'count')

-- name: forget_ended
-- One ended line is enough to know that a unit stood for it.
DELETE FROM observation AS o USING ended AS e
WHERE (o.indicator, o.source, o.period, o.area) = (e.indicator, e.source, e.period, e.area)
  AND o.dissolved IS NOT NULL AND o.published IS NULL AND e.published IS NULL AND NOT e.pending

-- name: end_replaced
-- What waited as a unit is ended at the last publication; the step that publishes what replaces it takes the unit away.
UPDATE observation AS o SET ended_by = $2,
    dissolved = CASE WHEN e.published IS NULL THEN (SELECT number FROM publication_head) ELSE $1 END
FROM ended AS e
WHERE (o.indicator, o.source, o.period, o.area) = (e.indicator, e.source, e.period, e.area)
  AND o.dissolved IS NULL AND NOT o.waiting

-- name: insert_new
INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period, respondents, n,
                         total, squares, spread_n, numerator, denominator, histogram, public_total, low_n, high_n,
                         detailed_n, public_histogram, pending)
SELECT $1, line, indicator, version, source, method, area, geography, period, respondents, n, total, squares, spread_n,
       numerator, denominator, histogram, public_total, low_n, high_n, detailed_n, public_histogram, true
FROM staged

-- name: insert_beside_replaced
-- What replaces a public line takes its place at once; what may not stands beside it and waits.
INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period, respondents, n,
                         total, squares, spread_n, numerator, denominator, histogram, public_total, low_n, high_n,
                         detailed_n, public_histogram, coarse, waiting, published, pending, entry)
SELECT $1, s.line, indicator, s.version, source, s.method, area, s.geography, period, s.respondents, s.n, s.total,
       s.squares, s.spread_n, s.numerator, s.denominator, s.histogram, s.public_total, s.low_n, s.high_n, s.detailed_n,
       s.public_histogram, s.coarse, s.waiting, CASE WHEN e.published IS NOT NULL THEN $2::bigint END,
       e.published IS NULL AND NOT s.waiting,
       CASE WHEN e.published IS NOT NULL
            THEN row_number() OVER (PARTITION BY e.published IS NULL
                                    ORDER BY indicator COLLATE "C", source COLLATE "C", period COLLATE "C",
                                             area COLLATE "C") END
FROM staged AS s LEFT JOIN ended AS e USING (indicator, source, period, area)

-- name: count_entries
UPDATE observation_import SET entries = entries + $2 WHERE id = $1

-- name: count_public_replaced
SELECT count(*) FROM ended WHERE published IS NOT NULL

-- name: insert_pending
INSERT INTO observation_pending (import, indicator, source, year)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])

-- name: take_pending
DELETE FROM observation_pending AS p WHERE (import, indicator, source, year) = (
    SELECT import, indicator, source, year FROM observation_pending ORDER BY import, indicator, source, year LIMIT 1
    FOR UPDATE)
RETURNING import, indicator, source, year, (SELECT event FROM observation_import AS i WHERE i.id = p.import) AS event

-- name: unit_lines
-- Lines of a step that may not be public as they are, and those in the place of one that could not.
WITH line AS (
    SELECT o.*, EXISTS (
        SELECT FROM observation AS was
        WHERE (was.indicator, was.source, was.period, was.area) = (o.indicator, o.source, o.period, o.area)
          AND was.dissolved IS NOT NULL AND was.published IS NULL) AS replaces
    FROM observation AS o
    WHERE o.indicator = $2 AND o.source = $3 AND o.period >= $4 AND o.period < $5 AND o.import = $1 AND o.pending
      AND o.dissolved IS NULL
)
SELECT * FROM line WHERE public_total IS NULL OR replaces ORDER BY period COLLATE "C", area COLLATE "C"

-- name: keep_as_units
UPDATE observation SET pending = false
WHERE indicator = $2 AND source = $3 AND period >= $4 AND period < $5 AND import = $1 AND pending
  AND line = ANY($6::integer[])

-- name: has_pending
SELECT EXISTS (SELECT FROM observation
               WHERE indicator = $2 AND source = $3 AND period >= $4 AND period < $5 AND import = $1 AND pending)

-- name: publish_lines
-- By their place on disk: whoever takes steps takes them alone.
UPDATE observation SET published = $6, pending = false, entry = ranked.entry
FROM (SELECT ctid AS place, (SELECT entries FROM observation_import WHERE id = $1)
                            + row_number() OVER (ORDER BY period COLLATE "C", area COLLATE "C") AS entry
      FROM observation
      WHERE indicator = $2 AND source = $3 AND period >= $4 AND period < $5 AND import = $1 AND pending) AS ranked
WHERE observation.ctid = ranked.place

-- name: published_deltas
-- What a publication publishes of an indicator, source and year, less what it dissolves, for the figures of every area
-- and period around.
WITH RECURSIVE moved AS (
    SELECT area, period, CASE WHEN published = $1 THEN 1 ELSE -1 END AS sign, respondents, n, public_total, low_n,
           high_n, numerator, denominator, detailed_n, public_histogram
    FROM observation
    WHERE indicator = $2 AND source = $3 AND period >= $4 AND period < $5 AND (published = $1 OR dissolved = $1)
      AND published IS NOT NULL
), around AS (
    SELECT code AS area, code, level, parent_on(area, make_date(left($4, 4)::integer, 1, 1)) AS parent FROM area
    WHERE code IN (SELECT area FROM moved)
    UNION ALL
    SELECT around.area, above.code, above.level, parent_on(above, make_date(left($4, 4)::integer, 1, 1))
    FROM around JOIN area AS above ON above.code = around.parent
)
SELECT 'indicator' AS kind, $2 AS code, $3 AS source, around.code AS area, wide.wider AS period,
       (SELECT theme FROM indicator WHERE code = $2) AS theme, around.level,
       sum(sign * respondents)::bigint AS respondents, sum(sign * n)::bigint AS n, sum(sign * public_total) AS total,
       sum(sign * low_n)::bigint AS low_n, sum(sign * high_n)::bigint AS high_n,
       sum(sign * numerator)::bigint AS numerator, sum(sign * denominator)::bigint AS denominator,
       sum(sign * detailed_n)::bigint AS detailed_n,
       coalesce(counts_sum(ARRAY(SELECT sign * people FROM unnest(public_histogram) WITH ORDINALITY AS bar (people, class)
                                 ORDER BY class)) FILTER (WHERE public_histogram <> '{}'), '{}') AS histogram
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
INSERT INTO observation_import (id, file_name, at, event) VALUES ($1, $2, $3, $4)

-- name: insert_upload
INSERT INTO observation_upload (id, sha256, file_name, good_rows, state, size, started_at, seen_at)
VALUES ($1, $2, $3, $4, 'reading', $5, $6, $6)

-- name: progress
UPDATE observation_upload SET position = $2, rows = $3, seen_at = now() WHERE id = $1 AND state = 'reading'

-- name: finish
UPDATE observation_upload
SET state = $2, position = size, rows = $3, stored = $4, replaced = $5, waiting = $6, unchanged = $7, refused = $8,
    errors = $9, encoding = $10, errors_kept = $11, seen_at = now()
WHERE id = $1

-- name: upload
SELECT *, (SELECT count(*) FROM observation_pending WHERE import = id) AS steps_left FROM observation_upload WHERE id = $1

-- name: uploads
SELECT *, (SELECT count(*) FROM observation_pending WHERE import = id) AS steps_left FROM observation_upload ORDER BY started_at DESC, id DESC LIMIT $1

-- name: count_uploads
SELECT CASE WHEN state = 'reading' AND seen_at < now() - $1::interval THEN 'interrupted' ELSE state END AS state,
       count(*) AS uploads
FROM observation_upload GROUP BY 1

-- name: count_pending
SELECT count(*) FROM observation_pending

-- name: forget_errors
WITH old AS (
    UPDATE observation_upload SET errors_kept = 0 WHERE started_at < $1 AND errors_kept > 0 RETURNING id
)
DELETE FROM observation_error USING old WHERE upload = old.id

-- name: errors
SELECT line, cell, "column", value, reason FROM observation_error WHERE upload = $1 ORDER BY line, number LIMIT $2

-- name: errors_after
SELECT line, number, cell, "column", value, reason FROM observation_error
WHERE upload = $1 AND (line, number) > ($2, $3) ORDER BY line, number LIMIT 5000

-- name: fail
UPDATE observation_upload SET state = 'failed', seen_at = now() WHERE id = $1 AND state = 'reading'

-- name: published
-- What stands and is published as it is: of an indicator and a source, or of all; the form in which it is public.
SELECT indicator, version, source, method, area, geography, period, respondents, n, public_total AS total, low_n, high_n,
       numerator, denominator, detailed_n, public_histogram AS histogram
FROM observation
WHERE dissolved IS NULL AND published IS NOT NULL AND ($1::text IS NULL OR indicator = $1)
  AND ($2::text IS NULL OR source = $2)
ORDER BY indicator, source, period, area

-- name: imports
SELECT id, at FROM observation_import ORDER BY at DESC, id LIMIT $1
