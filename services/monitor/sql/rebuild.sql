The end of a rebuild: what is exact by now beside what may be public; rebuilding.py is the only caller.

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
