Named queries of the exploration of instruments; store.py is their only caller.

-- name: insert_instrument
INSERT INTO instrument (id, title, description, paragraph) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true

-- name: instruments
SELECT instrument.id, title, description, paragraph, decision, decided_by, decided_on, reason,
       (SELECT count(*) FROM instrument_evidence AS e WHERE e.instrument = instrument.id) AS evidence
FROM instrument LEFT JOIN LATERAL (
    SELECT decision, decided_by, decided_on, reason FROM instrument_decision AS d WHERE d.instrument = instrument.id
    ORDER BY number DESC LIMIT 1
) AS latest ON true
WHERE $1::text IS NULL OR instrument.id = $1 ORDER BY instrument.id

-- name: get_instrument
SELECT id, title, description, paragraph FROM instrument WHERE id = $1

-- name: lock_instrument
SELECT id FROM instrument WHERE id = $1 FOR UPDATE

-- name: insert_instrument_evidence
INSERT INTO instrument_evidence (id, instrument, statement, weight, source, initiative, noted_on)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING true

-- name: get_instrument_evidence
SELECT id, instrument, statement, weight, source, initiative, noted_on FROM instrument_evidence WHERE id = $1

-- name: instrument_evidence
SELECT id, instrument, statement, weight, source, initiative, noted_on FROM instrument_evidence WHERE instrument = $1
ORDER BY noted_on, id

-- name: insert_decision
INSERT INTO instrument_decision (id, instrument, number, decision, decided_by, decided_on, reason)
SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6 FROM instrument_decision WHERE instrument = $2

-- name: get_decision
SELECT id, instrument, decision, decided_by, decided_on, reason FROM instrument_decision WHERE id = $1

-- name: decisions
SELECT id, instrument, decision, decided_by, decided_on, reason FROM instrument_decision WHERE instrument = $1
ORDER BY number
