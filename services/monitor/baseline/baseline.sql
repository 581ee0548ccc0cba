Named queries of the baseline; store.py is their only caller.

-- name: insert_baseline_fact
INSERT INTO baseline_fact (id, statement, theme, areas, low_percent, high_percent, count, period, source, paragraph)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_baseline_facts
SELECT * FROM baseline_fact ORDER BY period, id
