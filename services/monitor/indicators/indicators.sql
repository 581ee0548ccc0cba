Named queries of indicators and their versions; store.py is their only caller.

-- name: insert_indicator
INSERT INTO indicator (code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code) DO NOTHING RETURNING true

-- name: list_indicators
SELECT code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner, revision AS version
FROM indicator WHERE withdrawn_at IS NULL ORDER BY theme, code

-- name: lock_indicator
SELECT code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner FROM indicator
WHERE code = $1 FOR UPDATE

-- name: save_indicator
UPDATE indicator
SET name_nl = $2, name_en = $3, theme = $4, resource_family = $5, unit = $6, direction = $7, measure = $8, owner = $9,
    revision = $10, withdrawn_at = $11
WHERE code = $1

-- name: use_of
-- What was public once is told of for ever: a packet stays, also of findings that count for another indicator by now.
SELECT CASE
    WHEN EXISTS (SELECT FROM learning_key_mapping JOIN learning_key USING (version)
                 WHERE indicator = $1 AND withdrawn_at IS NULL) THEN 'de leersleutel'
    WHEN EXISTS (SELECT FROM goal WHERE indicator = $1) THEN 'een doel'
    WHEN EXISTS (SELECT FROM initiative_outcome WHERE indicator = $1) THEN 'een opbrengst'
    WHEN EXISTS (SELECT FROM assessment_evidence WHERE ref = $1 AND kind IN ('indicator', 'comparison', 'autonomous-trend'))
    THEN 'een beoordeling'
    WHEN EXISTS (SELECT FROM observation WHERE indicator = $1) THEN 'waarnemingen'
    WHEN EXISTS (SELECT FROM packet WHERE indicator = $1) THEN 'cijfers'
END

-- name: versions_of
SELECT code, version, title, change, valid_from, comparable, reason FROM indicator_version
WHERE code = $1 AND withdrawn_at IS NULL ORDER BY version

-- name: last_version
SELECT coalesce(max(version), 1) FROM indicator_version WHERE code = $1

-- name: lock_version
-- By the lock of its indicator: the versions are held against each other.
SELECT v.code, version, title, change, valid_from, comparable, reason
FROM indicator JOIN indicator_version AS v USING (code) WHERE code = $1 AND version = $2 FOR UPDATE OF indicator

-- name: get_version
SELECT code, version, title, change, valid_from, comparable, reason FROM indicator_version
WHERE code = $1 AND version = $2

-- name: save_version
UPDATE indicator_version
SET title = $3, change = $4, valid_from = $5, comparable = $6, reason = $7, revision = $8, withdrawn_at = $9
WHERE code = $1 AND version = $2

-- name: is_observed
SELECT EXISTS (SELECT FROM observation WHERE indicator = $1 AND version = ANY($2::integer[]))

-- name: list_indicator_versions
SELECT code, version, title, change, valid_from, comparable, reason, indicator_version.revision
FROM indicator JOIN indicator_version USING (code)
WHERE indicator.withdrawn_at IS NULL AND indicator_version.withdrawn_at IS NULL ORDER BY code, version

-- name: insert_indicator_version
INSERT INTO indicator_version (code, version, title, change, valid_from, comparable, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: unknown_indicators
SELECT asked.id, asked.n FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n)
WHERE NOT EXISTS (SELECT FROM indicator WHERE code = asked.id AND withdrawn_at IS NULL) ORDER BY asked.n LIMIT 1

-- name: not_scored
-- Dialogues give scores from 1 to 5: only the mean of those can take them.
SELECT asked.id, asked.n, indicator.measure, indicator.unit
FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n) JOIN indicator ON indicator.code = asked.id
WHERE indicator.measure <> 'mean' OR indicator.unit <> 'score-1-5' ORDER BY asked.n LIMIT 1

-- name: themes
SELECT code, theme FROM indicator WHERE code = ANY($1::text[])

-- name: quantities
SELECT code, measure, unit FROM indicator WHERE code = ANY($1::text[])

-- name: indicator
SELECT code, name_nl, theme, measure, unit, direction FROM indicator WHERE code = $1 AND withdrawn_at IS NULL

-- name: get_indicator
SELECT code, name_nl, name_en, theme, resource_family, unit, direction, measure, owner FROM indicator WHERE code = $1

-- name: is_withdrawn
SELECT withdrawn_at IS NOT NULL FROM indicator WHERE code = $1
