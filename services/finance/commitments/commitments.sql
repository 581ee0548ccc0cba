Named queries of the commitments; store.py is their only caller.

-- name: insert_commitment
INSERT INTO commitment (id, line, period, amount_cents, recipient, initiative, made_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING RETURNING true

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
UPDATE commitment SET disbursed_cents = disbursed_cents + $2 WHERE id = $1

-- name: get_disbursement
SELECT * FROM disbursement WHERE id = $1

-- name: disbursements_of
SELECT * FROM disbursement WHERE commitment = $1 ORDER BY paid_on, id
