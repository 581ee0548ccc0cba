Named queries of the organisations; store.py is their only caller.

-- name: insert_organisation
INSERT INTO organisation (id, name, kind, registered_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: get_organisation
SELECT id, name, kind FROM organisation WHERE id = $1

-- name: list_organisations
SELECT id, name, kind FROM organisation
WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3
