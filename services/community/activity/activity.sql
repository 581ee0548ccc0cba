Named queries of the activity; store.py is their only caller.

-- name: insert_activities
-- Postgres has no arrays of arrays of different lengths: the lists of each row come as JSON.
INSERT INTO activity (position, source, event_id, type, occurred_at, about, initiative, areas, themes, organisations,
                      data)
SELECT position, source, event_id, type, occurred_at, about, initiative,
       ARRAY(SELECT jsonb_array_elements_text(areas)), ARRAY(SELECT jsonb_array_elements_text(themes)),
       ARRAY(SELECT jsonb_array_elements_text(organisations)), data
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],
            $8::text[]::jsonb[], $9::text[]::jsonb[], $10::text[]::jsonb[], $11::bytea[])
     AS row (position, source, event_id, type, occurred_at, about, initiative, areas, themes, organisations, data)

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
