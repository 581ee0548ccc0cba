Named queries of the newsletter triggers; store.py is their only caller.

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

-- name: keep_times
UPDATE community_rebuild.newsletter_trigger AS made SET raised_at = known.raised_at
FROM newsletter_trigger AS known WHERE made.id = known.id

-- name: untold
SELECT id AS trigger, reason, cause, about, initiative, municipality, themes
FROM community_rebuild.newsletter_trigger AS made
WHERE NOT EXISTS (SELECT FROM newsletter_trigger AS known WHERE known.id = made.id) ORDER BY position

-- name: triggers_before
SELECT newsletter_trigger.*, activity.type, activity.data
FROM newsletter_trigger JOIN activity USING (position)
WHERE position < $1 AND ($3::text IS NULL OR reason = $3) ORDER BY position DESC LIMIT $2

-- name: triggers_after
SELECT newsletter_trigger.*, activity.type, activity.data
FROM newsletter_trigger JOIN activity USING (position)
WHERE position > $1 AND ($3::text IS NULL OR reason = $3) ORDER BY position LIMIT $2

-- name: activity_head
-- A trigger is raised by an activity: whoever waits for triggers follows the activity from here.
SELECT last FROM activity_head
