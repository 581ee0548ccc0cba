Named queries of impact monitoring; the stores beside this file are their only callers.

-- name: put_initiatives
INSERT INTO initiative (id, number, title, municipalities, regions, phase)
SELECT id, number, title, string_to_array(municipalities, ','), string_to_array(regions, ','), phase
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[])
     AS row (id, number, title, municipalities, regions, phase)
ON CONFLICT (id) DO NOTHING

-- name: put_phases
INSERT INTO initiative_phase (initiative, phase, reached_on)
SELECT * FROM unnest($1::text[], $2::smallint[], $3::date[]) ON CONFLICT DO NOTHING

-- name: put_lessons
INSERT INTO initiative_lesson (id, initiative, title, worked, transferable, drawn_on)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::boolean[], $6::date[])
ON CONFLICT DO NOTHING

-- name: add_spending
INSERT INTO initiative_spending (initiative, commitments, committed_cents, disbursements, disbursed_cents)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) ORDER BY 1
ON CONFLICT (initiative) DO UPDATE
SET commitments = initiative_spending.commitments + excluded.commitments,
    committed_cents = initiative_spending.committed_cents + excluded.committed_cents,
    disbursements = initiative_spending.disbursements + excluded.disbursements,
    disbursed_cents = initiative_spending.disbursed_cents + excluded.disbursed_cents

-- name: insert_programme_area
INSERT INTO programme_area (area, valid_from, valid_until, paragraph) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING true

-- name: get_programme_area
SELECT area, valid_from, valid_until, paragraph FROM programme_area WHERE area = $1

-- name: list_programme_areas
SELECT area, name, level, programme_area.valid_from, programme_area.valid_until, paragraph
FROM programme_area JOIN area ON code = area ORDER BY level, name

-- name: programme_codes
SELECT area FROM programme_area

-- name: initiative_places
SELECT DISTINCT unnest(municipalities) AS area FROM initiative

-- name: initiatives
-- What each initiative spent and brought. A row of money comes before its initiative is known.
SELECT s.initiative AS id, i.number, i.title,
       greatest(i.phase, (SELECT max(p.phase) FROM initiative_phase p WHERE p.initiative = s.initiative)) AS phase,
       coalesce(m.commitments, 0) AS commitments, coalesce(m.committed_cents, 0) AS committed_cents,
       coalesce(m.disbursements, 0) AS disbursements, coalesce(m.disbursed_cents, 0) AS disbursed_cents,
       (SELECT count(*) FROM initiative_lesson l WHERE l.initiative = s.initiative) AS lessons,
       (SELECT count(*) FROM initiative_lesson l WHERE l.initiative = s.initiative AND l.transferable) AS transferable,
       (SELECT count(DISTINCT o.lesson) FROM initiative_outcome o JOIN initiative_lesson l ON l.id = o.lesson
        WHERE l.initiative = s.initiative) AS transferred,
       (SELECT coalesce(sum(o.count), 0)::bigint FROM initiative_outcome o
        WHERE o.initiative = s.initiative) AS recorded
FROM (SELECT id AS initiative FROM initiative UNION SELECT initiative FROM initiative_spending WHERE initiative <> '')
     AS s
LEFT JOIN initiative i ON i.id = s.initiative LEFT JOIN initiative_spending m ON m.initiative = s.initiative
WHERE ($1::text IS NULL OR s.initiative = $1) AND ($2::text IS NULL OR s.initiative > $2)
ORDER BY s.initiative LIMIT $3

-- name: programme_costs
-- All of the programme, money of no initiative too.
SELECT coalesce(sum(commitments), 0)::bigint AS commitments, coalesce(sum(committed_cents), 0)::bigint AS committed_cents,
       coalesce(sum(disbursements), 0)::bigint AS disbursements,
       coalesce(sum(disbursed_cents), 0)::bigint AS disbursed_cents,
       (SELECT count(*) FROM initiative_lesson) AS lessons,
       (SELECT count(*) FROM initiative_lesson WHERE transferable) AS transferable,
       (SELECT count(DISTINCT lesson) FROM initiative_outcome WHERE lesson IS NOT NULL) AS transferred,
       (SELECT coalesce(sum(count), 0)::bigint FROM initiative_outcome) AS recorded
FROM initiative_spending

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

-- name: insert_outcome
INSERT INTO initiative_outcome (id, initiative, goal, indicator, area, lesson, statement, count, evidence, achieved_on,
                                recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING true

-- name: outcomes
SELECT id, initiative, goal, indicator, area, lesson, statement, count, evidence, achieved_on FROM initiative_outcome
WHERE ($1::text IS NULL OR id = $1) AND ($2::text IS NULL OR initiative = $2) AND ($3::text IS NULL OR id > $3)
ORDER BY id LIMIT $4

-- name: lessons
SELECT id, title, worked, transferable, drawn_on FROM initiative_lesson WHERE initiative = $1 ORDER BY drawn_on, id

-- name: insert_goal
INSERT INTO goal (id, level, question, initiative, title, ambition, paragraph, counts, indicator, source, area, period,
                  baseline_millionths, baseline_period, basis, target_millionths, direction, due)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT DO NOTHING RETURNING true

-- name: goals
SELECT goal.*, coalesce(measure, 'count') AS measure FROM goal LEFT JOIN indicator ON code = indicator
WHERE ($1::text[] IS NULL OR id = ANY($1)) ORDER BY level, question, id

-- name: lock_goals_of
-- In one order for everyone; a new outcome holds a share of its goal's key, so the key is left alone.
SELECT id FROM goal
WHERE (indicator, source) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY id
FOR NO KEY UPDATE

-- name: lock_counting_goals
SELECT id FROM goal WHERE counts = ANY($1::text[]) OR id = $2 ORDER BY id FOR NO KEY UPDATE

-- name: lock_goals
SELECT id FROM goal ORDER BY id FOR NO KEY UPDATE

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

-- name: indicator
SELECT code, name_nl, measure, unit, direction FROM indicator WHERE code = $1

-- name: versions
SELECT title, valid_from, reason FROM indicator_version WHERE code = $1 ORDER BY version

-- name: published
SELECT area, period, respondents, n, total, squares, spread_n, numerator, denominator, histogram FROM published
WHERE kind = 'indicator' AND code = $1 AND source = $2 AND area = ANY($3::text[])
  AND (period = ANY($4::text[]) OR (length(period) = 4 AND period <= $5))

-- name: insert_assessment
INSERT INTO assessment (id, level, question, initiative, version, statement, verdict, reason, assessed_by, assessed_on,
                        recorded_at)
SELECT $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5, $6, $7, $8, $9, $10 FROM assessment
WHERE level = $2 AND question = $3 AND initiative IS NOT DISTINCT FROM $4

-- name: insert_assessment_evidence
INSERT INTO assessment_evidence (assessment, number, kind, ref, area, period, note)
SELECT $1, n, kind, ref, area, period, note
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
     AS row (kind, ref, area, period, note, n)

-- name: lock_assessments
-- One version after the other.
SELECT pg_advisory_xact_lock(hashtextextended('monitor assessments', 0))

-- name: assessments
SELECT id, level, question, initiative, version, statement, verdict, reason, assessed_by, assessed_on,
       version = max(version) OVER (PARTITION BY level, question, initiative) AS latest
FROM assessment
WHERE ($1::text IS NULL OR level = $1) AND ($2::text IS NULL OR question = $2)
  AND ($3::text IS NULL OR initiative = $3)
ORDER BY level, question, initiative NULLS FIRST, version DESC

-- name: assessment
SELECT id, level, question, initiative, statement, verdict, reason, assessed_by, assessed_on FROM assessment
WHERE id = $1

-- name: evidence_of
SELECT assessment, kind, ref, area, period, note FROM assessment_evidence
WHERE assessment = ANY($1::text[]) ORDER BY assessment, number

-- name: unknown_evidence
-- The first that is not there, with its place from 1. Documents are not ours to know.
SELECT asked.n, asked.kind, asked.ref
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (kind, ref, area, n)
WHERE NOT CASE asked.kind
    WHEN 'goal' THEN EXISTS (SELECT FROM goal WHERE id = asked.ref)
    WHEN 'outcome' THEN EXISTS (SELECT FROM initiative_outcome WHERE id = asked.ref)
    WHEN 'lesson' THEN EXISTS (SELECT FROM initiative_lesson WHERE id = asked.ref)
    WHEN 'costs' THEN EXISTS (SELECT FROM initiative WHERE id = asked.ref)
    WHEN 'document' THEN true
    ELSE EXISTS (SELECT FROM indicator WHERE code = asked.ref)
         AND (asked.area IS NULL OR EXISTS (SELECT FROM area WHERE code = asked.area))
END ORDER BY asked.n LIMIT 1

-- name: unknown_references
-- What of these is not there: initiative, goal, indicator, area, lesson.
SELECT $1::text IS NOT NULL AND NOT EXISTS (SELECT FROM initiative WHERE id = $1) AS initiative,
       $2::text IS NOT NULL AND NOT EXISTS (SELECT FROM goal WHERE id = $2) AS goal,
       $3::text IS NOT NULL AND NOT EXISTS (SELECT FROM indicator WHERE code = $3) AS indicator,
       $4::text IS NOT NULL AND NOT EXISTS (SELECT FROM area WHERE code = $4) AS area,
       $5::text IS NOT NULL AND NOT EXISTS (SELECT FROM initiative_lesson WHERE id = $5) AS lesson

-- name: knows_initiative
SELECT EXISTS (SELECT FROM initiative WHERE id = $1)

-- name: area_and_region
SELECT code, parent FROM area

-- name: insert_instrument
INSERT INTO instrument (id, title, description, paragraph) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true

-- name: instruments
SELECT instrument.id, title, description, paragraph, decision, decided_by, decided_on, reason,
       (SELECT count(*) FROM instrument_evidence AS e WHERE e.instrument = instrument.id) AS evidence
FROM instrument LEFT JOIN LATERAL (
    SELECT decision, decided_by, decided_on, reason FROM instrument_decision AS d WHERE d.instrument = instrument.id
    ORDER BY number DESC LIMIT 1
) AS latest ON true
WHERE $1::text IS NULL OR instrument.id = $1 ORDER BY instrument.id

-- name: get_instrument
SELECT id, title, description, paragraph FROM instrument WHERE id = $1

-- name: lock_instrument
SELECT id FROM instrument WHERE id = $1 FOR UPDATE

-- name: insert_instrument_evidence
INSERT INTO instrument_evidence (id, instrument, statement, weight, source, initiative, noted_on)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING true

-- name: get_instrument_evidence
SELECT id, instrument, statement, weight, source, initiative, noted_on FROM instrument_evidence WHERE id = $1

-- name: instrument_evidence
SELECT id, instrument, statement, weight, source, initiative, noted_on FROM instrument_evidence WHERE instrument = $1
ORDER BY noted_on, id

-- name: insert_decision
INSERT INTO instrument_decision (id, instrument, number, decision, decided_by, decided_on, reason)
SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6 FROM instrument_decision WHERE instrument = $2

-- name: get_decision
SELECT id, instrument, decision, decided_by, decided_on, reason FROM instrument_decision WHERE id = $1

-- name: decisions
SELECT id, instrument, decision, decided_by, decided_on, reason FROM instrument_decision WHERE instrument = $1
ORDER BY number

-- name: put_finding
-- Told again only when it says something else.
INSERT INTO quality_finding (id, kind, explanation, indicator, area, period, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE
SET kind = excluded.kind, explanation = excluded.explanation, indicator = excluded.indicator, area = excluded.area,
    period = excluded.period, told_at = excluded.told_at
WHERE (quality_finding.kind, quality_finding.explanation, quality_finding.indicator, quality_finding.area,
       quality_finding.period)
      IS DISTINCT FROM (excluded.kind, excluded.explanation, excluded.indicator, excluded.area, excluded.period)
RETURNING true

-- name: findings
SELECT id, kind, explanation, indicator, area, period, told_at FROM quality_finding
WHERE ($1::text IS NULL OR indicator = $1) AND ($2::text IS NULL OR area = $2) AND ($3::text IS NULL OR id > $3)
ORDER BY id LIMIT $4
