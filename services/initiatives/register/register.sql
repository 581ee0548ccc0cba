Named queries of the register; store.py is their only caller.

-- name: insert_initiative
INSERT INTO initiative (id, number, title, challenge, approach, learning_question, lines, cross_overs, themes, dilemmas,
                        municipalities, regions, partners, roles, phase, phase_on, registered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15, $16, $17)
ON CONFLICT DO NOTHING RETURNING true

-- name: insert_phase
INSERT INTO phase_change (initiative, number, phase, reached_on)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3 FROM phase_change WHERE initiative = $1

-- name: lock_initiative
SELECT id, phase, phase_on, themes, municipalities FROM initiative WHERE id = $1 FOR UPDATE

-- name: set_phase
UPDATE initiative SET phase = $2, phase_on = $3 WHERE id = $1

-- name: list_initiatives
SELECT *, (SELECT count(*) FROM lesson WHERE initiative = initiative.id) AS lessons
FROM initiative
WHERE ($1::text IS NULL OR phase = $1) AND ($2::text IS NULL OR $2 = ANY(themes))
  AND ($3::text IS NULL OR id > $3)
ORDER BY id LIMIT $4

-- name: get_initiative
SELECT *, (SELECT count(*) FROM lesson WHERE initiative = initiative.id) AS lessons FROM initiative WHERE id = $1

-- name: phases_of
SELECT phase, reached_on FROM phase_change WHERE initiative = $1 ORDER BY number
