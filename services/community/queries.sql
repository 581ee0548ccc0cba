Named queries of the community service; store.py is their only caller.

-- name: insert_organisation
INSERT INTO organisation (id, name, kind, registered_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: get_organisation
SELECT id, name, kind FROM organisation WHERE id = $1

-- name: list_organisations
SELECT id, name, kind FROM organisation
WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3

-- name: insert_dialogue
INSERT INTO dialogue (id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: lock_dialogue
SELECT id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status, held_on, groups, findings, actions
FROM dialogue WHERE id = $1 FOR UPDATE

-- name: hold_dialogue
UPDATE dialogue SET status = $2, held_on = $3, participants = $4, groups = $5::jsonb, findings = $6::jsonb, topics = $7,
                    actions = $8
WHERE id = $1

-- name: withdraw_dialogue
UPDATE dialogue SET status = $2, withdrawn_at = $3, withdrawal_reason = $4 WHERE id = $1

-- name: erase_outcome
UPDATE dialogue SET participants = NULL, groups = NULL, findings = NULL, topics = '{}', actions = '{}' WHERE id = $1

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

-- name: put_names
INSERT INTO name (kind, id, name) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
ON CONFLICT (kind, id) DO UPDATE SET name = excluded.name

-- name: names
SELECT kind, id, name FROM name WHERE id = ANY($1)

-- name: advance_head
-- Waits for the writer before us, see migrations/0001_start.sql.
UPDATE activity_head SET last = last + $1 RETURNING last

-- name: insert_activities
-- Postgres has no arrays of arrays of different lengths: the lists of each row come as JSON.
INSERT INTO activity (position, event_id, type, occurred_at, about, initiative, areas, themes, organisations, data)
SELECT $1 + n, event_id, type, occurred_at, about, initiative,
       ARRAY(SELECT jsonb_array_elements_text(areas)), ARRAY(SELECT jsonb_array_elements_text(themes)),
       ARRAY(SELECT jsonb_array_elements_text(organisations)), data
FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[]::jsonb[],
            $8::text[]::jsonb[], $9::text[]::jsonb[], $10::bytea[])
     WITH ORDINALITY AS row (event_id, type, occurred_at, about, initiative, areas, themes, organisations, data, n)

-- name: insert_triggers
INSERT INTO newsletter_trigger (position, id, reason, cause, about, initiative, municipality, themes, raised_at)
SELECT position, id, reason, cause, about, initiative, municipality, ARRAY(SELECT jsonb_array_elements_text(themes)), $9
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]::jsonb[])
     AS row (position, id, reason, cause, about, initiative, municipality, themes)

-- name: withdraw_triggers
-- Looks at what was folded, not at what comes now: a held dialogue that is replayed after its withdrawal is caught too.
UPDATE newsletter_trigger SET withdrawn_at = gone.occurred_at
FROM activity AS gone
WHERE newsletter_trigger.about = ANY($1) AND newsletter_trigger.reason = $2 AND newsletter_trigger.withdrawn_at IS NULL
  AND gone.about = newsletter_trigger.about AND gone.type = $3

-- name: wake_readers
SELECT pg_notify('activity', '')

-- name: head
SELECT last FROM activity_head

-- name: activities_before
SELECT position, event_id, type, occurred_at, about, initiative, areas, themes, organisations, data
FROM activity
WHERE position < $1 AND ($3::text IS NULL OR initiative = $3) AND ($4::text IS NULL OR areas @> ARRAY[$4])
  AND ($5::text IS NULL OR themes @> ARRAY[$5]) AND ($6::text IS NULL OR organisations @> ARRAY[$6])
  AND ($7::text IS NULL OR type = $7)
ORDER BY position DESC LIMIT $2

-- name: activities_after
SELECT position, event_id, type, occurred_at, about, initiative, areas, themes, organisations, data
FROM activity
WHERE position > $1 AND ($3::text IS NULL OR initiative = $3) AND ($4::text IS NULL OR areas @> ARRAY[$4])
  AND ($5::text IS NULL OR themes @> ARRAY[$5]) AND ($6::text IS NULL OR organisations @> ARRAY[$6])
  AND ($7::text IS NULL OR type = $7)
ORDER BY position LIMIT $2

-- name: triggers_before
SELECT newsletter_trigger.*, activity.type, activity.data
FROM newsletter_trigger JOIN activity USING (position)
WHERE position < $1 AND ($3::text IS NULL OR reason = $3) ORDER BY position DESC LIMIT $2

-- name: triggers_after
SELECT newsletter_trigger.*, activity.type, activity.data
FROM newsletter_trigger JOIN activity USING (position)
WHERE position > $1 AND ($3::text IS NULL OR reason = $3) ORDER BY position LIMIT $2
