Named queries of goals, their verdicts and where the programme works; store.py is their only caller.

-- name: insert_goal
INSERT INTO goal (id, level, question, initiative, title, ambition, paragraph, counts, indicator, source, area, period,
                  baseline_millionths, baseline_period, basis, target_millionths, direction, due)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT DO NOTHING RETURNING true

-- name: goals
SELECT goal.*, coalesce(measure, 'count') AS measure, coalesce(unit, 'count') AS unit FROM goal LEFT JOIN indicator ON code = indicator
WHERE ($1::text[] IS NULL OR id = ANY($1)) ORDER BY level, question, id

-- name: goals_of_series
SELECT id FROM goal WHERE (indicator, source) IN (SELECT * FROM unnest($1::text[], $2::text[]))

-- name: goals_of_counts
SELECT id FROM goal WHERE counts = ANY($1::text[]) OR id = $2

-- name: goal_ids
SELECT id FROM goal

-- name: mark_moved
-- Who judges is told when the transaction commits. Rows are only ever added: nobody waits for a goal that is judged.
WITH marked AS (
    INSERT INTO goal_moved (goal, correlation_id, causation_id, traceparent)
    SELECT goal, $2, $3, $4 FROM unnest($1::text[]) AS moved (goal)
)
SELECT pg_notify('goal_moved', '')

-- name: moved_goals
-- The one that waits longest first; each with the marks that were seen and the cause of the last of them.
SELECT goal, array_agg(number ORDER BY number) AS numbers,
       (array_agg(correlation_id ORDER BY number DESC))[1] AS correlation_id,
       (array_agg(causation_id ORDER BY number DESC))[1] AS causation_id,
       (array_agg(traceparent ORDER BY number DESC))[1] AS traceparent
FROM goal_moved GROUP BY goal ORDER BY min(number)

-- name: waiting_since
SELECT extract(epoch FROM now() - min(moved_at))::float8 FROM goal_moved

-- name: lock_goal
-- A new outcome holds a share of its goal's key, so the key is left alone.
SELECT true FROM goal WHERE id = $1 FOR NO KEY UPDATE

-- name: forget_moved
-- By number, not up to the highest: a lower one may commit later.
DELETE FROM goal_moved WHERE number = ANY($1::bigint[])

-- name: set_unjudged
INSERT INTO goal_unjudged (goal, since, error) VALUES ($1, $2, $3)
ON CONFLICT (goal) DO UPDATE SET error = excluded.error

-- name: set_judged
DELETE FROM goal_unjudged WHERE goal = $1

-- name: unjudged_goals
SELECT goal FROM goal_unjudged ORDER BY goal

-- name: count_unjudged
SELECT count(*) FROM goal_unjudged

-- name: told_verdict
SELECT verdict FROM goal WHERE id = $1

-- name: set_verdict
UPDATE goal SET verdict = $2 WHERE id = $1

-- name: insert_judgement
INSERT INTO goal_judgement (goal, number, at, verdict, previous, measured_millionths, target_millionths, reason)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 FROM goal_judgement WHERE goal = $1

-- name: judgements
SELECT number, at, verdict, previous, measured_millionths, target_millionths, reason FROM goal_judgement
WHERE goal = $1 ORDER BY number

-- name: insert_programme_area
INSERT INTO programme_area (area, valid_from, valid_until, paragraph) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING true

-- name: get_programme_area
SELECT area, valid_from, valid_until, paragraph FROM programme_area WHERE area = $1

-- name: list_programme_areas
SELECT area, name, level, programme_area.valid_from, programme_area.valid_until, paragraph
FROM programme_area JOIN area ON code = area

-- name: programme_codes
SELECT area FROM programme_area

-- name: initiative_places
SELECT DISTINCT unnest(municipalities) AS area FROM initiative

-- name: count_initiatives
SELECT count(*) FROM initiative

-- name: count_advanced
-- Reached a further phase than it came in with; to stop is no advance ($2).
SELECT count(DISTINCT id) FROM initiative JOIN initiative_phase AS reached ON reached.initiative = id
WHERE reached.phase > initiative.phase AND reached.phase <> $2::smallint AND ($1::date IS NULL OR reached_on <= $1)

-- name: count_lessons
SELECT count(*) FROM initiative_lesson
WHERE ($1::date IS NULL OR drawn_on <= $1) AND (NOT $2::boolean OR transferable)

-- name: count_transferred
SELECT count(DISTINCT lesson) FROM initiative_outcome
WHERE lesson IS NOT NULL AND ($1::date IS NULL OR achieved_on <= $1)

-- name: sum_outcomes
SELECT sum(count)::bigint FROM initiative_outcome WHERE goal = $1 AND ($2::date IS NULL OR achieved_on <= $2)

-- name: outcome_areas
SELECT DISTINCT area FROM initiative_outcome
WHERE goal = $1 AND area IS NOT NULL AND ($2::date IS NULL OR achieved_on <= $2)

-- name: knows_initiative
SELECT EXISTS (SELECT FROM initiative WHERE id = $1)
