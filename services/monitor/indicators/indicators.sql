Named queries of indicators and their versions; store.py is their only caller.

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

-- name: themes
SELECT code, theme FROM indicator WHERE code = ANY($1::text[])

-- name: measures
SELECT code, measure FROM indicator WHERE code = ANY($1::text[])

-- name: indicator
SELECT code, name_nl, theme, measure, unit, direction FROM indicator WHERE code = $1
