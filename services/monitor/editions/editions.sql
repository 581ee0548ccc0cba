Named queries of editions; store.py is their only caller.

-- name: one_at_a_time
-- So that each has one before it. Waits at most as long as the other takes.
SELECT pg_advisory_xact_lock(hashtextextended('monitor edition', 0))

-- name: positions
SELECT watermarks, outbox FROM publication_position WHERE number = $1

-- name: half_public
-- A file that was stored at or before a moment, with figures that are not public yet; how many steps it has left.
SELECT i.file_name, count(*) AS steps FROM observation_pending AS p JOIN observation_import AS i ON i.id = p.import
WHERE i.at <= $1 GROUP BY i.id, i.file_name ORDER BY i.id LIMIT 1

-- name: versions
SELECT code, version, title, change, valid_from, comparable, reason FROM indicator_version
WHERE withdrawn_at IS NULL ORDER BY code COLLATE "C", version

-- name: baseline_at
-- The facts that were told at or before a moment.
SELECT id, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph FROM baseline_fact
WHERE withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM outbox WHERE key = baseline_fact.id AND type = $1 AND time > $2)
ORDER BY period COLLATE "C", id COLLATE "C"

-- name: last
SELECT id FROM edition ORDER BY number DESC LIMIT 1

-- name: insert
INSERT INTO edition (id, title, publication, cut_at, watermarks, outbox, frame, format, generator, cells, csv_bytes,
                     csv_sha256, json_bytes, json_sha256, previous, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- name: series
SELECT id, title, publication, cut_at, format, generator, cells, csv_bytes, csv_sha256, json_bytes, json_sha256, previous,
       published_at, next
FROM (SELECT *, lead(id) OVER (ORDER BY number) AS next FROM edition) AS series
WHERE $1::text IS NULL OR id = $1 ORDER BY number

-- name: frame
SELECT frame FROM edition WHERE id = $1
