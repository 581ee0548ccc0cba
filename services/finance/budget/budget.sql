Named queries of the budget; store.py is their only caller.

-- name: insert_line
INSERT INTO budget_line (id, position, performance, action) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: insert_amounts
INSERT INTO budget_amount (line, period, amount_cents) SELECT $1, * FROM unnest($2::text[], $3::bigint[])

-- name: lock_line
-- Apart from reading the balance: a statement that waits for a lock still reads other tables as of before the wait.
SELECT FROM budget_line WHERE id = $1 FOR UPDATE

-- name: lines
SELECT id, position, performance, action, period, amount_cents, committed_cents, disbursed_cents
FROM budget_line JOIN budget_amount ON line = id
WHERE $1::text IS NULL OR id = $1
ORDER BY position, id, period

-- name: add_committed
UPDATE budget_amount SET committed_cents = committed_cents + $3 WHERE line = $1 AND period = $2

-- name: add_disbursed
UPDATE budget_amount SET disbursed_cents = disbursed_cents + $3 WHERE line = $1 AND period = $2

-- name: lock_performance
-- Not the rows: a performance without lines has none to lock, and shares need not hold up commitments.
SELECT pg_advisory_xact_lock(hashtextextended('finance.performance/' || $1, 0))

-- name: amount_of_performance
SELECT coalesce(sum(amount_cents), 0)::bigint FROM budget_amount JOIN budget_line ON id = line
WHERE performance = $1 AND period = $2

-- name: insert_share
INSERT INTO capacity_share (id, performance, party, period, amount_cents) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: list_shares
SELECT id, performance, party, period, amount_cents FROM capacity_share ORDER BY performance, period, party

-- name: shares_of
SELECT party, amount_cents FROM capacity_share WHERE performance = $1 AND period = $2
