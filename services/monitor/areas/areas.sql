Named queries of areas and their changes; store.py is their only caller.

-- name: lock
-- A command on areas is decided on all of them and the crosswalk: one at a time.
SELECT pg_advisory_xact_lock(hashtextextended('monitor areas', 0))

-- name: insert_area
INSERT INTO area (code, name, level, parent, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6)

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

-- name: list_area_changes
SELECT id, changed_on, kind, predecessors, successors FROM area_change ORDER BY changed_on, id

-- name: ancestry
WITH RECURSIVE up AS (
    SELECT code AS area, code, level, parent, 0 AS height FROM area WHERE code = ANY($1::text[])
    UNION ALL
    SELECT up.area, above.code, above.level, above.parent, height + 1 FROM up JOIN area AS above ON above.code = up.parent
)
SELECT area, code, level FROM up ORDER BY area, height

-- name: area_and_region
SELECT code, parent FROM area
