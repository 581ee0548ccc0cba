Named queries of the finance service; store.py is their only caller.

-- name: insert_line
INSERT INTO budget_line (id, position, performance, action) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: insert_amounts
INSERT INTO budget_amount (line, period, amount_cents) SELECT $1, * FROM unnest($2::text[], $3::bigint[])

-- name: lock_line
-- Apart from reading the figures: a statement that waits for a lock still reads other tables as of before the wait.
SELECT FROM budget_line WHERE id = $1 FOR UPDATE

-- name: lock_line_of
SELECT FROM budget_line JOIN commitment ON commitment.line = budget_line.id
WHERE commitment.id = $1 FOR UPDATE OF budget_line

-- name: lock_performance
-- Not the rows: a performance without lines has none to lock, and shares need not hold up commitments.
SELECT pg_advisory_xact_lock(hashtextextended('finance.performance/' || $1, 0))

-- name: lines
SELECT id, position, performance, action, period, amount_cents, committed_cents, disbursed_cents
FROM budget_line JOIN budget_amount ON line = id
WHERE $1::text IS NULL OR id = $1
ORDER BY position, id, period

-- name: room
SELECT coalesce(sum(amount_cents), 0)::bigint FROM budget_amount JOIN budget_line ON id = line
WHERE performance = $1 AND period = $2

-- name: insert_share
INSERT INTO capacity_share (id, performance, party, period, amount_cents) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_shares
SELECT id, performance, party, period, amount_cents FROM capacity_share ORDER BY performance, period, party

-- name: shares_of
SELECT party, amount_cents FROM capacity_share WHERE performance = $1 AND period = $2

-- name: insert_commitment
INSERT INTO commitment (id, line, period, amount_cents, recipient, initiative, made_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: add_committed
UPDATE budget_amount SET committed_cents = committed_cents + $3 WHERE line = $1 AND period = $2

-- name: get_commitment
SELECT * FROM commitment WHERE id = $1

-- name: list_commitments
SELECT * FROM commitment WHERE line = $1 AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3

-- name: recent_commitments
SELECT * FROM commitment ORDER BY made_on DESC, id LIMIT $1

-- name: insert_disbursement
INSERT INTO disbursement (id, commitment, amount_cents, paid_on) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: add_disbursed
WITH paid AS (
    UPDATE commitment SET disbursed_cents = disbursed_cents + $2 WHERE id = $1 RETURNING line, period
)
UPDATE budget_amount SET disbursed_cents = disbursed_cents + $2 FROM paid
WHERE budget_amount.line = paid.line AND budget_amount.period = paid.period

-- name: get_disbursement
SELECT * FROM disbursement WHERE id = $1

-- name: disbursements_of
SELECT * FROM disbursement WHERE commitment = $1 ORDER BY paid_on, id

-- name: insert_finding
INSERT INTO finding (id, kind, title, explanation, paragraph, stated_cents, computed_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_findings
SELECT * FROM finding ORDER BY difference_cents IS NULL, id
