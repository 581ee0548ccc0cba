Named queries of the register of methods; store.py is their only caller.

-- name: insert_method
INSERT INTO method (code, name) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING RETURNING true

-- name: list_methods
SELECT code, name FROM method ORDER BY code COLLATE "C"
