Named queries of the monitor; store.py is their only caller.

-- name: insert_area
INSERT INTO area (code, name, level, parent, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (code) DO NOTHING RETURNING true

-- name: area_level
SELECT level FROM area WHERE code = $1

-- name: list_areas
SELECT code, name, level, parent, valid_from, valid_until FROM area
WHERE ($1::text IS NULL OR level = $1)
  AND ($2::date IS NULL OR (valid_from <= $2 AND (valid_until IS NULL OR $2 < valid_until)))
ORDER BY level, name

-- name: unknown_areas
SELECT asked.id, asked.n FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n)
WHERE NOT EXISTS (SELECT FROM area WHERE code = asked.id) ORDER BY asked.n LIMIT 1

-- name: insert_area_change
INSERT INTO area_change (id, changed_on, kind, predecessors, successors) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_area_changes
SELECT id, changed_on, kind, predecessors, successors FROM area_change ORDER BY changed_on, id

-- name: insert_indicator
INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code) DO NOTHING RETURNING true

-- name: list_indicators
SELECT * FROM indicator ORDER BY theme, code

-- name: unknown_indicators
SELECT asked.id, asked.n FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n)
WHERE NOT EXISTS (SELECT FROM indicator WHERE code = asked.id) ORDER BY asked.n LIMIT 1

-- name: insert_learning_key
INSERT INTO learning_key (version, valid_from) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true

-- name: insert_mappings
INSERT INTO learning_key_mapping (version, topic, indicator) SELECT $1, * FROM unnest($2::text[], $3::text[])

-- name: latest_learning_key
SELECT max(version) AS version, max(valid_from) AS valid_from FROM learning_key

-- name: learning_keys
SELECT version, valid_from, topic, indicator, theme
FROM learning_key JOIN learning_key_mapping USING (version) JOIN indicator ON indicator.code = indicator
ORDER BY version, topic

-- name: shut_out_folding
-- A learning key decides how findings count: none may be folded while one is published, and the other way round.
SELECT pg_advisory_xact_lock(hashtextextended('monitor learning key', 0))

-- name: fold_with_present_keys
SELECT pg_advisory_xact_lock_shared(hashtextextended('monitor learning key', 0))

-- name: latest_held
SELECT max(held_on) FROM dialogue

-- name: insert_baseline_fact
INSERT INTO baseline_fact (id, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_baseline_facts
SELECT * FROM baseline_fact ORDER BY period, id

-- name: ancestry
-- A municipality counts in its region and province: the tree is three levels deep.
SELECT m.code AS municipality, m.parent AS region, r.parent AS province
FROM area m JOIN area r ON r.code = m.parent WHERE m.level = 'municipality' AND m.code = ANY($1::text[])

-- name: withdrawn_before
SELECT id FROM dialogue WHERE id = ANY($1::text[]) AND withdrawn

-- name: mark_held
INSERT INTO dialogue (id, held_on, withdrawn) SELECT id, held_on, false
FROM unnest($1::text[], $2::date[]) AS row (id, held_on)
ON CONFLICT (id) DO UPDATE SET held_on = excluded.held_on

-- name: mark_withdrawn
INSERT INTO dialogue (id, withdrawn) SELECT DISTINCT unnest($1::text[]), true
ON CONFLICT (id) DO UPDATE SET withdrawn = true

-- name: insert_contributions
INSERT INTO contribution (dialogue, number, indicator, theme, area, period, scores)
SELECT dialogue, number, indicator, theme, area, period, string_to_array(scores, ',')::bigint[]
FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS row (dialogue, number, indicator, theme, area, period, scores)

-- name: take_contributions
DELETE FROM contribution WHERE dialogue = ANY($1::text[])
RETURNING dialogue, number, indicator, theme, area, period, scores

-- name: lock_cells
-- Locks the cells, also those that do not exist yet, in one order for everyone: no two partitions wait in a circle.
INSERT INTO aggregate_version (kind, code, area, period, version)
SELECT kind, code, area, period, 1 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
       AS row (kind, code, area, period)
ORDER BY kind, code, area, period
ON CONFLICT (kind, code, area, period) DO UPDATE SET version = aggregate_version.version + 1
RETURNING kind, code, area, period, version

-- name: get_cells
SELECT kind, code, area, period, findings, respondents, n, sum, sum_squares, histogram FROM aggregate
WHERE (kind, code, area, period) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]))

-- name: put_aggregates
INSERT INTO aggregate (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram)
SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares,
       string_to_array(histogram, ',')::bigint[]
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::bigint[], $12::text[])
     AS row (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram)
ON CONFLICT (kind, code, area, period) DO UPDATE
SET findings = excluded.findings, respondents = excluded.respondents, n = excluded.n, sum = excluded.sum,
    sum_squares = excluded.sum_squares, histogram = excluded.histogram

-- name: drop_aggregates
DELETE FROM aggregate
WHERE (kind, code, area, period) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]))

-- name: list_aggregates
SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram FROM aggregate
WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR code = $2) AND ($3::text IS NULL OR theme = $3)
  AND ($4::text IS NULL OR level = $4) AND ($5::text IS NULL OR area = $5) AND ($6::text IS NULL OR period = $6)
  AND ($7::text IS NULL OR (kind, code, area, period) > ($7, $8, $9, $10))
ORDER BY kind, code, area, period LIMIT $11

-- name: only_live
SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram FROM monitor.aggregate
EXCEPT
SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram
FROM monitor_rebuild.aggregate

-- name: only_rebuilt
SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram
FROM monitor_rebuild.aggregate
EXCEPT
SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram FROM monitor.aggregate

-- name: list_periods
SELECT DISTINCT period FROM aggregate ORDER BY period DESC
