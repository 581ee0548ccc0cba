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
INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code) DO NOTHING RETURNING true

-- name: list_indicators
SELECT * FROM indicator ORDER BY theme, code

-- name: lock_indicator
SELECT true FROM indicator WHERE code = $1 FOR UPDATE

-- name: versions_of
SELECT code, version, title, change, valid_from, comparable, reason FROM indicator_version
WHERE code = $1 ORDER BY version

-- name: list_indicator_versions
SELECT code, version, title, change, valid_from, comparable, reason FROM indicator_version ORDER BY code, version

-- name: insert_indicator_version
INSERT INTO indicator_version (code, version, title, change, valid_from, comparable, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: unknown_indicators
SELECT asked.id, asked.n FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n)
WHERE NOT EXISTS (SELECT FROM indicator WHERE code = asked.id) ORDER BY asked.n LIMIT 1

-- name: not_scored
-- Dialogues give scores from 1 to 5: only the mean of those can take them.
SELECT asked.id, asked.n, indicator.measure, indicator.unit
FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n) JOIN indicator ON indicator.code = asked.id
WHERE indicator.measure <> 'mean' OR indicator.unit <> 'score-1-5' ORDER BY asked.n LIMIT 1

-- name: insert_learning_key
INSERT INTO learning_key (version, valid_from) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true

-- name: insert_mappings
INSERT INTO learning_key_mapping (version, topic, indicator) SELECT $1, * FROM unnest($2::text[], $3::text[])

-- name: latest_learning_key
SELECT coalesce(max(version), 0) FROM learning_key

-- name: learning_keys
SELECT version, valid_from, topic, indicator, theme
FROM learning_key JOIN learning_key_mapping USING (version) JOIN indicator ON indicator.code = indicator
ORDER BY version, topic

-- name: shut_out_folding
-- A learning key decides how findings count: none may be folded while one is published, and the other way round.
SELECT pg_advisory_xact_lock(hashtextextended('monitor learning key', 0))

-- name: fold_with_present_keys
SELECT pg_advisory_xact_lock_shared(hashtextextended('monitor learning key', 0))

-- name: event_of
SELECT id::text FROM outbox WHERE key = $1 AND type = $2 ORDER BY position DESC LIMIT 1

-- name: held_since
SELECT id, held_on, area, findings::text AS findings, event FROM dialogue
WHERE held_on >= $1 AND NOT withdrawn AND findings IS NOT NULL AND id > $2 ORDER BY id LIMIT $3

-- name: forgotten_since
SELECT count(*) FROM dialogue WHERE held_on >= $1 AND NOT withdrawn AND findings IS NULL

-- name: contributions_of
SELECT dialogue, number, indicator, theme, area, period, scores FROM contribution WHERE dialogue = ANY($1::text[])
ORDER BY dialogue, number

-- name: insert_baseline_fact
INSERT INTO baseline_fact (id, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_baseline_facts
SELECT * FROM baseline_fact ORDER BY period, id

-- name: ancestry
-- Areas that are known, each with those above it.
WITH RECURSIVE above AS (
    SELECT code AS of, code, level, parent, 1 AS step FROM area WHERE code = ANY($1::text[])
    UNION ALL
    SELECT above.of, area.code, area.level, area.parent, above.step + 1
    FROM above JOIN area ON area.code = above.parent
)
SELECT of, code, level FROM above ORDER BY of, step

-- name: withdrawn_before
SELECT id FROM dialogue WHERE id = ANY($1::text[]) AND withdrawn

-- name: mark_held
INSERT INTO dialogue (id, held_on, withdrawn, area, findings, event)
SELECT id, held_on, false, area, findings::jsonb, event
FROM unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[]) AS row (id, held_on, area, findings, event)
ON CONFLICT (id) DO UPDATE
SET held_on = excluded.held_on, area = excluded.area, event = excluded.event,
    findings = CASE WHEN NOT dialogue.withdrawn THEN excluded.findings END

-- name: mark_withdrawn
-- What was said is forgotten.
INSERT INTO dialogue (id, withdrawn) SELECT DISTINCT unnest($1::text[]), true
ON CONFLICT (id) DO UPDATE SET withdrawn = true, findings = NULL

-- name: insert_contributions
INSERT INTO contribution (dialogue, number, indicator, theme, area, period, scores)
SELECT dialogue, number, indicator, theme, area, period, string_to_array(scores, ',')::bigint[]
FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS row (dialogue, number, indicator, theme, area, period, scores)

-- name: take_contributions
DELETE FROM contribution WHERE dialogue = ANY($1::text[])
RETURNING dialogue, number, indicator, theme, area, period, scores

-- name: merge_aggregates
-- Takes the cells in one order for everyone: no two workers wait in a circle. Answers those with nothing left, or less.
WITH merged AS (
    INSERT INTO aggregate AS cell (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares,
                                   histogram)
    SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares,
           string_to_array(histogram, ',')::bigint[]
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                $9::bigint[], $10::bigint[], $11::bigint[], $12::text[])
         AS row (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram)
    ORDER BY kind, code, area, period
    ON CONFLICT (kind, code, area, period) DO UPDATE
    SET findings = cell.findings + excluded.findings, respondents = cell.respondents + excluded.respondents,
        n = cell.n + excluded.n, sum = cell.sum + excluded.sum, sum_squares = cell.sum_squares + excluded.sum_squares,
        histogram = ARRAY[cell.histogram[1] + excluded.histogram[1], cell.histogram[2] + excluded.histogram[2],
                          cell.histogram[3] + excluded.histogram[3], cell.histogram[4] + excluded.histogram[4],
                          cell.histogram[5] + excluded.histogram[5]]
    RETURNING kind, code, area, period, findings
)
SELECT kind, code, area, period, findings FROM merged WHERE findings <= 0

-- name: drop_aggregates
DELETE FROM aggregate
WHERE (kind, code, area, period) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]))
