Named queries of the organisations; store.py is their only caller.

-- name: insert_organisation
INSERT INTO organisation (id, name, kind, registered_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: lock_organisation
SELECT id, name, kind FROM organisation WHERE id = $1 FOR UPDATE

-- name: save_organisation
UPDATE organisation SET name = $2, kind = $3, version = $4, withdrawn_at = $5 WHERE id = $1

-- name: dialogue_of
SELECT id FROM dialogue WHERE organiser = $1 AND withdrawn_at IS NULL ORDER BY id LIMIT 1

-- name: get_organisation
SELECT id, name, kind, version, withdrawn_at IS NOT NULL AS withdrawn FROM organisation WHERE id = $1

-- name: names_of_organisations
SELECT id, name FROM organisation

-- name: list_organisations
SELECT id, name, kind, version, false AS withdrawn FROM organisation
WHERE withdrawn_at IS NULL AND ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3
