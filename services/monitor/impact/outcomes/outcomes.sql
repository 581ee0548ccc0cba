Named queries of what initiatives spent, learnt and achieved; store.py is their only caller.

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

-- name: put_entries
INSERT INTO initiative_entry (source, event_id)
SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING source, event_id

-- name: add_spending
INSERT INTO initiative_spending (initiative, commitments, committed_cents, disbursements, disbursed_cents)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) ORDER BY 1
ON CONFLICT (initiative) DO UPDATE
SET commitments = initiative_spending.commitments + excluded.commitments,
    committed_cents = initiative_spending.committed_cents + excluded.committed_cents,
    disbursements = initiative_spending.disbursements + excluded.disbursements,
    disbursed_cents = initiative_spending.disbursed_cents + excluded.disbursed_cents

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

-- name: lessons
SELECT id, title, worked, transferable, drawn_on FROM initiative_lesson WHERE initiative = $1 ORDER BY drawn_on, id

-- name: insert_outcome
INSERT INTO initiative_outcome (id, initiative, goal, indicator, area, lesson, statement, counts, count, evidence,
                                achieved_on, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING true

-- name: outcomes
SELECT id, initiative, goal, indicator, area, lesson, statement, counts, count, evidence, achieved_on
FROM initiative_outcome
WHERE ($1::text IS NULL OR id = $1) AND ($2::text IS NULL OR initiative = $2) AND ($3::text IS NULL OR id > $3)
ORDER BY id LIMIT $4

-- name: unknown_references
-- What of these is not there: initiative, goal, indicator, area, lesson.
SELECT $1::text IS NOT NULL AND NOT EXISTS (SELECT FROM initiative WHERE id = $1) AS initiative,
       $2::text IS NOT NULL AND NOT EXISTS (SELECT FROM goal WHERE id = $2) AS goal,
       $3::text IS NOT NULL AND NOT EXISTS (SELECT FROM indicator WHERE code = $3 AND withdrawn_at IS NULL) AS indicator,
       $4::text IS NOT NULL AND NOT EXISTS (SELECT FROM area WHERE code = $4) AS area,
       $5::text IS NOT NULL AND NOT EXISTS (SELECT FROM initiative_lesson WHERE id = $5) AS lesson
