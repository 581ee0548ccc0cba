Named queries of the register of methods; store.py is their only caller.

-- name: insert_method
INSERT INTO method (code, name) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING RETURNING true

-- name: lock_method
SELECT code, name FROM method WHERE code = $1 FOR UPDATE

-- name: get_method
SELECT code, name FROM method WHERE code = $1

-- name: save_method
UPDATE method SET name = $2, revision = $3, withdrawn_at = $4 WHERE code = $1

-- name: is_used
SELECT EXISTS (SELECT FROM observation WHERE method = $1)

-- name: list_methods
SELECT code, name, revision AS version FROM method WHERE withdrawn_at IS NULL ORDER BY code COLLATE "C"
