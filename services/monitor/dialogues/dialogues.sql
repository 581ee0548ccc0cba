Named queries of the exact figures, none of which is public; store.py is their only caller.

-- name: held_since
SELECT id, held_on, area, findings::text AS findings, event FROM dialogue
WHERE held_on >= $1 AND NOT withdrawn AND findings IS NOT NULL AND id > $2 ORDER BY id LIMIT $3

-- name: forgotten_since
SELECT count(*) FROM dialogue WHERE held_on >= $1 AND NOT withdrawn AND findings IS NULL

-- name: contributions_of
SELECT dialogue, number, indicator, theme, area, period, scores FROM contribution WHERE dialogue = ANY($1::text[])
ORDER BY dialogue, number

-- name: withdrawn_before
SELECT id FROM dialogue WHERE id = ANY($1::text[]) AND withdrawn

-- name: mark_held
INSERT INTO dialogue (id, held_on, withdrawn, area, findings, event)
SELECT id, held_on, false, area, findings::jsonb, event
FROM unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[]) AS row (id, held_on, area, findings, event)
ON CONFLICT (id) DO UPDATE
SET held_on = excluded.held_on, area = excluded.area, event = excluded.event,
    findings = CASE WHEN NOT dialogue.withdrawn THEN excluded.findings END

-- name: mark_withdrawn
-- What was said is forgotten.
INSERT INTO dialogue (id, withdrawn) SELECT DISTINCT unnest($1::text[]), true
ON CONFLICT (id) DO UPDATE SET withdrawn = true, findings = NULL

-- name: insert_contributions
INSERT INTO contribution (dialogue, number, indicator, theme, area, period, scores)
SELECT dialogue, number, indicator, theme, area, period, string_to_array(scores, ',')::bigint[]
FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS row (dialogue, number, indicator, theme, area, period, scores)

-- name: take_contributions
DELETE FROM contribution WHERE dialogue = ANY($1::text[])
RETURNING dialogue, number, indicator, theme, area, period, scores

-- name: merge_aggregates
-- Takes the cells in one order for everyone: no two workers wait in a circle. Answers those with nothing left, or less.
WITH merged AS (
    INSERT INTO aggregate AS cell (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares,
                                   histogram)
    SELECT kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares,
           string_to_array(histogram, ',')::bigint[]
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                $9::bigint[], $10::bigint[], $11::bigint[], $12::text[])
         AS row (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram)
    ORDER BY kind, code, area, period
    ON CONFLICT (kind, code, area, period) DO UPDATE
    SET findings = cell.findings + excluded.findings, respondents = cell.respondents + excluded.respondents,
        n = cell.n + excluded.n, sum = cell.sum + excluded.sum, sum_squares = cell.sum_squares + excluded.sum_squares,
        histogram = ARRAY[cell.histogram[1] + excluded.histogram[1], cell.histogram[2] + excluded.histogram[2],
                          cell.histogram[3] + excluded.histogram[3], cell.histogram[4] + excluded.histogram[4],
                          cell.histogram[5] + excluded.histogram[5]]
    RETURNING kind, code, area, period, findings
)
SELECT kind, code, area, period, findings FROM merged WHERE findings <= 0

-- name: drop_aggregates
DELETE FROM aggregate
WHERE (kind, code, area, period) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]))

-- name: astray
-- Every finding of the dialogues whose units are not what the shadow counts, and whether any stood. What was in a packet
-- that is dissolved is never public again: that is not astray.
WITH counted AS (
    SELECT 'dialogue/' || c.dialogue AS ref, c.number, c.dialogue, c.indicator, c.theme, c.area, c.period, c.scores,
           d.event
    FROM monitor_rebuild.contribution AS c JOIN monitor_rebuild.dialogue AS d ON d.id = c.dialogue
), known AS (
    SELECT u.ref, u.number, u.indicator, u.area, u.period, u.histogram, p.dissolved IS NULL AS stands
    FROM unit AS u LEFT JOIN packet AS p ON p.id = u.packet WHERE u.source = 'dialogue'
), differing AS (
    SELECT ref, bool_or(coalesce(known.stands, false)) AS stood
    FROM counted FULL JOIN known USING (ref, number)
    GROUP BY ref
    HAVING bool_or(
        CASE WHEN known.stands IS NULL THEN true
             WHEN NOT known.stands THEN false
             ELSE (counted.indicator, counted.area, counted.period, counted.scores)
                  IS DISTINCT FROM (known.indicator, known.area, known.period, known.histogram)
        END)
)
SELECT differing.ref, differing.stood, counted.dialogue, counted.number, counted.indicator, counted.theme, counted.area,
       counted.period, counted.scores, counted.event
FROM differing LEFT JOIN counted USING (ref) ORDER BY differing.ref, counted.number
