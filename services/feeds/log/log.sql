Named queries of the log; store.py is their only caller.

-- name: insert_events
INSERT INTO event (position, id, source, sequence, type, subject, time, value)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[],
                     $8::bytea[])

-- name: count_sources
INSERT INTO source (source, events, highest)
SELECT source, count(*), max(sequence) FROM unnest($1::text[], $2::bigint[]) AS row (source, sequence) GROUP BY source
ON CONFLICT (source) DO UPDATE
SET events = source.events + excluded.events, highest = greatest(source.highest, excluded.highest)

-- name: count_inserted
WITH counted AS (
    INSERT INTO source (source, events, highest)
    SELECT source, count(*), max(sequence) FROM event WHERE position = ANY($1) GROUP BY source
    ON CONFLICT (source) DO UPDATE
    SET events = source.events + excluded.events, highest = greatest(source.highest, excluded.highest)
    RETURNING source
)
SELECT array_agg(source) FROM counted

-- name: close_gaps
-- Walks on from where it stood and stops at the first gap: over time one step per event, whatever the gaps.
UPDATE source SET contiguous = (
    WITH RECURSIVE walk AS (
        SELECT source.contiguous AS n
        UNION ALL
        SELECT n + 1 FROM walk
        WHERE EXISTS (SELECT FROM event WHERE event.source = source.source AND event.sequence = n + 1)
    ) SELECT max(n) FROM walk
) WHERE source = ANY($1)

-- name: list_all
SELECT position, value FROM event WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3

-- name: list_filtered
-- One short index range per source and type, and per subject: the cost follows what is found, not what is passed over.
-- Rows are compared whole, because with `source = ... AND type = ...` the planner prefers to walk the primary key.
WITH hit AS (
    SELECT range.position
    FROM source CROSS JOIN unnest($4::text[]) AS wanted (type) CROSS JOIN LATERAL (
        SELECT position FROM event
        WHERE (event.source, event.type, position) > (source.source, wanted.type, $1)
          AND (event.source, event.type, position) <= (source.source, wanted.type, $2)
        ORDER BY event.source, event.type, position LIMIT $3
    ) AS range
    WHERE $7::text[] IS NULL OR source.source = ANY($7)
    UNION
    SELECT range.position
    FROM unnest($5::text[]) AS wanted (subject) CROSS JOIN LATERAL (
        SELECT position FROM event
        WHERE (event.subject, position) > (wanted.subject, $1) AND (event.subject, position) <= (wanted.subject, $2)
          AND type = ANY($6) AND ($7::text[] IS NULL OR source = ANY($7))
        ORDER BY event.subject, position LIMIT $3
    ) AS range
    ORDER BY position LIMIT $3
)
SELECT position, value FROM hit JOIN event USING (position) ORDER BY position

-- name: list_entries
SELECT position, source, type, subject, value FROM event WHERE position > $1 ORDER BY position LIMIT $2

-- name: get_event
SELECT value FROM event WHERE id = $1

-- name: list_sources
SELECT source, events, highest, contiguous FROM source ORDER BY source
