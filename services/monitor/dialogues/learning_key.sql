Named queries of learning keys; learning_key.py is their only caller.

-- name: insert_learning_key
INSERT INTO learning_key (version, valid_from) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true

-- name: insert_mappings
INSERT INTO learning_key_mapping (version, topic, indicator) SELECT $1, * FROM unnest($2::text[], $3::text[])

-- name: latest_learning_key
SELECT coalesce(max(version), 0) FROM learning_key

-- name: newest_standing
SELECT coalesce(max(version), 0) FROM learning_key WHERE withdrawn_at IS NULL

-- name: get_learning_key
SELECT version, valid_from, topic, indicator FROM learning_key LEFT JOIN learning_key_mapping USING (version)
WHERE version = $1 ORDER BY topic

-- name: save_learning_key
UPDATE learning_key SET valid_from = $2, revision = $3, withdrawn_at = $4 WHERE version = $1

-- name: forget_mappings
DELETE FROM learning_key_mapping WHERE version = $1

-- name: learning_keys
SELECT version, valid_from, learning_key.revision, topic, indicator, theme
FROM learning_key JOIN learning_key_mapping USING (version) JOIN indicator ON indicator.code = indicator
WHERE learning_key.withdrawn_at IS NULL ORDER BY version, topic

-- name: shut_out_folding
-- A learning key decides how findings count: none may be folded while one is published, and the other way round.
SELECT pg_advisory_xact_lock(hashtextextended('monitor learning key', 0))

-- name: fold_with_present_keys
SELECT pg_advisory_xact_lock_shared(hashtextextended('monitor learning key', 0))
