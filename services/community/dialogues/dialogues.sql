Named queries of the dialogues; store.py is their only caller.

-- name: insert_dialogue
-- The lock: an organiser that is withdrawn meanwhile is not there, and one that is named cannot be withdrawn.
INSERT INTO dialogue (id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status)
SELECT $1, $2, $3, id, $5, $6::text[], $7::date, $8 FROM organisation
WHERE id = $4 AND withdrawn_at IS NULL FOR KEY SHARE
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: lock_dialogue
SELECT id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status
FROM dialogue WHERE id = $1 FOR UPDATE

-- name: hold_dialogue
UPDATE dialogue SET status = $2, held_on = $3, participants = $4, topics = $5, actions = $6 WHERE id = $1

-- name: withdraw_dialogue
UPDATE dialogue SET status = $2, withdrawn_at = $3, withdrawal_reason = $4 WHERE id = $1

-- name: erase_outcome
UPDATE dialogue SET participants = NULL, topics = '{}', actions = '{}' WHERE id = $1

-- name: get_dialogue
SELECT id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status, held_on, participants,
       topics, actions, withdrawn_at, withdrawal_reason
FROM dialogue WHERE id = $1

-- name: list_dialogues
SELECT id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status, held_on, participants,
       topics, actions, withdrawn_at, withdrawal_reason
FROM dialogue
WHERE ($1::text IS NULL OR municipality = $1) AND ($2::text IS NULL OR initiative = $2)
  AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR id > $4)
ORDER BY id LIMIT $5

-- name: newest_dialogues
SELECT id, municipality, neighbourhood, organiser, coalesce(held_on, planned_on) AS day
FROM dialogue WHERE status = $1 ORDER BY coalesce(held_on, planned_on) DESC, id LIMIT $2

-- name: count_dialogues
SELECT status, count(*) AS total FROM dialogue GROUP BY status

-- name: takes_part
SELECT EXISTS (SELECT FROM organisation WHERE id = $1 AND withdrawn_at IS NULL)

-- name: name_of_organiser
SELECT name FROM organisation WHERE id = $1
