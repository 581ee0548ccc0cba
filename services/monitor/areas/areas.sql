Named queries of areas and their changes; store.py is their only caller.

-- name: lock
-- A command on areas is decided on all of them and the crosswalk: one at a time.
SELECT pg_advisory_xact_lock(hashtextextended('monitor areas', 0))

-- name: keep
SELECT pg_advisory_xact_lock_shared(hashtextextended('monitor areas', 0))

-- name: insert_area
INSERT INTO area (code, name, level, parent, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6)

-- name: area_level
SELECT level FROM area WHERE code = $1

-- name: list_areas
SELECT code, name_on(area, coalesce($2, today())) AS name, level, parent_on(area, coalesce($2, today())) AS parent,
       valid_from, valid_until
FROM area
WHERE ($1::text IS NULL OR level = $1)
  AND ($2::date IS NULL OR (valid_from <= $2 AND (valid_until IS NULL OR $2 < valid_until)))

-- name: last_areas
-- As they are since their last change.
SELECT code, name, level, parent, valid_from, valid_until FROM area WHERE $1::text IS NULL OR level = $1

-- name: list_before
SELECT code, until, name, parent FROM area_before ORDER BY code, until

-- name: save_area
UPDATE area SET name = $2, parent = $3, valid_from = $4, valid_until = $5 WHERE code = $1

-- name: forget_before
DELETE FROM area_before WHERE code = $1

-- name: insert_before
INSERT INTO area_before (code, until, name, parent)
SELECT $1, until, name, parent FROM unnest($2::date[], $3::text[], $4::text[]) AS row (until, name, parent)

-- name: remove_area
DELETE FROM area WHERE code = $1

-- name: save_area_change
UPDATE area_change SET changed_on = $2, kind = $3, predecessors = $4, successors = $5 WHERE id = $1

-- name: remove_area_change
DELETE FROM area_change WHERE id = $1

-- name: note_revision
UPDATE area_head SET revised = revised + 1

-- name: figures_since
SELECT counted_in($1::text[], $2)

-- name: figures_outside
SELECT counted_outside($1, $2, $3)

-- name: there
SELECT asked.code, asked.day FROM unnest($1::text[], $2::date[]) AS asked (code, day) JOIN area USING (code)
WHERE valid_from <= asked.day AND (valid_until IS NULL OR asked.day < valid_until)

-- name: named_by
SELECT what FROM (
    (SELECT 1 AS n, 'programmagebied ' || area AS what FROM programme_area WHERE area = $1)
    UNION ALL (SELECT 2, 'doel ' || id FROM goal WHERE area = $1 ORDER BY id LIMIT 1)
    UNION ALL (SELECT 3, 'resultaat ' || id FROM initiative_outcome WHERE area = $1 ORDER BY id LIMIT 1)
    UNION ALL (SELECT 4, 'oordeel ' || assessment FROM assessment_evidence WHERE area = $1 ORDER BY assessment LIMIT 1)
    UNION ALL (SELECT 5, 'nulmeting ' || id FROM baseline_fact WHERE $1 = ANY(areas) AND withdrawn_at IS NULL
               ORDER BY id LIMIT 1)
    UNION ALL (SELECT 6, 'bevinding ' || id FROM quality_finding WHERE area = $1 ORDER BY id LIMIT 1)
) AS names ORDER BY n LIMIT 1

-- name: unknown_areas
SELECT asked.id, asked.n FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n)
WHERE NOT EXISTS (SELECT FROM area WHERE code = asked.id) ORDER BY asked.n LIMIT 1

-- name: insert_area_change
INSERT INTO area_change (id, changed_on, kind, predecessors, successors) VALUES ($1, $2, $3, $4, $5)

-- name: list_area_changes
SELECT id, changed_on, kind, predecessors, successors FROM area_change ORDER BY changed_on, id

-- name: ancestry
WITH RECURSIVE up AS (
    SELECT code AS area, year, code, level, parent_on(area, make_date(year, 1, 1)) AS parent, 0 AS height
    FROM unnest($1::text[], $2::integer[]) AS asked (code, year) JOIN area USING (code)
    UNION ALL
    SELECT up.area, year, above.code, above.level, parent_on(above, make_date(year, 1, 1)), height + 1
    FROM up JOIN area AS above ON above.code = up.parent
)
SELECT area, year, code, level FROM up ORDER BY area, year, height

-- name: area_and_region
SELECT code, parent_on(area, today()) AS parent FROM area
