Named queries of the findings; store.py is their only caller.

-- name: insert_finding
INSERT INTO finding (id, kind, title, explanation, paragraph, stated_cents, computed_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_findings
SELECT * FROM finding ORDER BY difference_cents IS NULL, id
