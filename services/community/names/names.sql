Named queries of the names; store.py is their only caller.

-- name: put_names
INSERT INTO name (kind, id, name) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
ON CONFLICT (kind, id) DO UPDATE SET name = excluded.name

-- name: names
SELECT kind, id, name FROM name WHERE id = ANY($1)
