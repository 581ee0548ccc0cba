Named queries of observations: observations/store.py is their only caller.

-- name: one_at_a_time
SELECT pg_advisory_xact_lock(hashtextextended('monitor observations', 0))

-- name: indicators
SELECT code, unit, measure FROM indicator ORDER BY code

-- name: indicator_versions
SELECT code, version, valid_from FROM indicator_version ORDER BY code, version

-- name: areas
SELECT code, level, valid_from, valid_until FROM area

-- name: series
SELECT indicator, source, period, level FROM observation_series

-- name: insert_series
INSERT INTO observation_series (indicator, source, period, level)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])

-- name: create_staged
-- `large`: enough respondents to be published as it is.
CREATE TEMP TABLE staged (
    line integer, indicator text, version integer, source text, method text, area text, geography smallint, period text,
    large boolean, respondents bigint, n bigint, total numeric, squares numeric, spread_n bigint, numerator bigint,
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
      AND (NOT s.large OR abs(s.respondents - o.respondents) BETWEEN 1 AND t.threshold - 1)
), gone AS (
    DELETE FROM staged USING revealing WHERE staged.line = revealing.line
)
SELECT line, respondents, before, threshold FROM revealing ORDER BY line

-- name: count_large
SELECT count(*) FROM staged WHERE large

-- name: find_replaced
INSERT INTO ended SELECT o.* FROM staged JOIN observation AS o USING (indicator, source, period, area, method)
WHERE o.dissolved IS NULL

-- name: end_replaced
UPDATE observation AS o SET dissolved = $1, ended_by = $2
FROM ended
WHERE (o.indicator, o.source, o.period, o.area, o.method)
    = (ended.indicator, ended.source, ended.period, ended.area, ended.method) AND o.dissolved IS NULL

-- name: keep_small
-- What was too small to be published as it is does not become so: its people may be in a packet.
UPDATE staged AS s SET large = false FROM ended AS e
WHERE (e.indicator, e.source, e.period, e.area, e.method) = (s.indicator, s.source, s.period, s.area, s.method)
  AND e.published IS NULL AND s.large

-- name: insert_observations
INSERT INTO observation (import, line, indicator, version, source, method, area, geography, period, respondents, n,
                         total, squares, spread_n, numerator, denominator, histogram, published)
SELECT $1, line, indicator, version, source, method, area, geography, period, respondents, n, total, squares, spread_n,
       numerator, denominator, histogram, CASE WHEN large THEN $2::bigint END
FROM staged

-- name: move_published
-- Add lines to the public figures of every area and period around their own; take those they replace away.
WITH RECURSIVE around AS (
    SELECT code AS area, code, level, parent FROM area
    UNION ALL
    SELECT around.area, above.code, above.level, above.parent FROM around JOIN area AS above ON above.code = around.parent
), moved AS (
    SELECT indicator, source, area, period, respondents, n, total, squares, spread_n, numerator, denominator, histogram
    FROM staged WHERE large
    UNION ALL
    SELECT indicator, source, area, period, -respondents, -n, -total, -squares, -spread_n, -numerator, -denominator,
           ARRAY(SELECT -count FROM unnest(histogram) WITH ORDINALITY AS one (count, class) ORDER BY class)
    FROM ended WHERE published IS NOT NULL
)
INSERT INTO published AS p (kind, code, source, area, period, theme, level, respondents, n, total, squares, spread_n,
                            numerator, denominator, histogram, version, publication)
SELECT 'indicator', m.indicator, m.source, around.code, wide.wider, i.theme, around.level, sum(m.respondents)::bigint,
       sum(m.n)::bigint, sum(m.total), sum(m.squares), sum(m.spread_n)::bigint, sum(m.numerator)::bigint,
       sum(m.denominator)::bigint, coalesce(counts_sum(m.histogram) FILTER (WHERE m.histogram <> '{}'), '{}'), 1, $1
FROM moved AS m
JOIN around USING (area)
JOIN unnest($2::text[], $3::text[]) AS wide (period, wider) USING (period)
JOIN indicator AS i ON i.code = m.indicator
GROUP BY m.indicator, m.source, around.code, wide.wider, i.theme, around.level
ON CONFLICT (kind, code, source, period, area) DO UPDATE
SET respondents = p.respondents + excluded.respondents, n = p.n + excluded.n, total = p.total + excluded.total,
    squares = p.squares + excluded.squares, spread_n = p.spread_n + excluded.spread_n,
    numerator = p.numerator + excluded.numerator, denominator = p.denominator + excluded.denominator,
    histogram = CASE WHEN excluded.histogram = '{}' THEN p.histogram
                     ELSE counts_added(p.histogram, excluded.histogram) END,
    version = p.version + 1, publication = excluded.publication

-- name: small
SELECT line, indicator, source, method, area, period, respondents, n, total, squares, spread_n, numerator, denominator,
       histogram
FROM staged WHERE NOT large ORDER BY indicator, source, left(period, 4), line

-- name: ended_small
SELECT indicator, source, method, area, period FROM ended WHERE published IS NULL ORDER BY indicator, source, period

-- name: insert_untold
INSERT INTO untold (publication, indicator, source, year, event)
SELECT DISTINCT $1::bigint, indicator, source, left(period, 4), $2 FROM staged WHERE large
UNION
SELECT $1::bigint, indicator, source, left(period, 4), $2 FROM ended WHERE published IS NOT NULL

-- name: untold_packets
INSERT INTO untold (publication, indicator, source, year, event)
SELECT $1::bigint, indicator, source, year, $5 FROM unnest($2::text[], $3::text[], $4::text[])
    AS row (indicator, source, year)

-- name: take_untold
DELETE FROM untold WHERE (publication, indicator, source, year) = (
    SELECT publication, indicator, source, year FROM untold ORDER BY publication, indicator, source, year LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING *

-- name: still
-- No figure moves until this transaction ends.
SELECT number FROM publication_head FOR SHARE

-- name: cells_to_tell
-- What moved later is told by what moved it.
SELECT * FROM published
WHERE kind = 'indicator' AND code = $1 AND source = $2 AND period >= $3 AND period < $4 AND publication = $5
ORDER BY period, area

-- name: lines_to_tell
SELECT *, CASE WHEN published = $5 THEN 1 ELSE -1 END AS sign FROM public_line
WHERE indicator = $1 AND source = $2 AND period >= $3 AND period < $4 AND (published = $5 OR dissolved = $5)

-- name: areas_around
WITH RECURSIVE up AS (
    SELECT code AS area, code, level, parent, 0 AS height FROM area WHERE code = ANY($1::text[])
    UNION ALL
    SELECT up.area, above.code, above.level, above.parent, height + 1 FROM up JOIN area AS above ON above.code = up.parent
)
SELECT area, code, level FROM up ORDER BY area, height

-- name: measure
SELECT measure, theme FROM indicator WHERE code = $1

-- name: insert_import
INSERT INTO observation_import (id, sha256, file_name, rows, refused, replaced, at, event)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: said
SELECT id::text FROM outbox WHERE key = $1 AND type = $2

-- name: insert_upload
INSERT INTO observation_upload (id, sha256, file_name, good_rows, state, size, started_at, seen_at)
VALUES ($1, $2, $3, $4, 'reading', $5, $6, $6)

-- name: progress
UPDATE observation_upload SET position = $2, rows = $3, seen_at = now() WHERE id = $1 AND state = 'reading'

-- name: finish
UPDATE observation_upload
SET state = $2, position = size, rows = $3, stored = $4, replaced = $5, unchanged = $6, refused = $7, errors = $8,
    publication = $9, seen_at = now()
WHERE id = $1

-- name: upload
SELECT * FROM observation_upload WHERE id = $1

-- name: accepted
SELECT * FROM observation_upload WHERE sha256 = $1 AND state = 'accepted' ORDER BY started_at LIMIT 1

-- name: uploads
SELECT * FROM observation_upload ORDER BY started_at DESC, id DESC LIMIT $1

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

-- name: measures
SELECT code, measure FROM indicator
