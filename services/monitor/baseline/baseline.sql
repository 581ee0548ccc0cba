Named queries of the baseline; store.py is their only caller.

-- name: insert_baseline_fact
INSERT INTO baseline_fact (id, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING true

-- name: lock_baseline_fact
SELECT id AS fact, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph
FROM baseline_fact WHERE id = $1 FOR UPDATE

-- name: get_baseline_fact
SELECT id AS fact, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph
FROM baseline_fact WHERE id = $1

-- name: save_baseline_fact
UPDATE baseline_fact
SET statement = $2, theme = $3, areas = $4, low_percent = $5, high_percent = $6, count = $7, period = $8, source = $9,
    paragraph = $10, revision = $11, withdrawn_at = $12
WHERE id = $1

-- name: list_baseline_facts
SELECT id, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph, revision AS version
FROM baseline_fact WHERE withdrawn_at IS NULL ORDER BY period, id
