-- A repeat is recognised by its Idempotency-Key: what points at people need not be kept to compare with, see
-- docs/decisions/0023-disclosure.md. The scores are the monitor's.
ALTER TABLE dialogue DROP COLUMN groups, DROP COLUMN findings;
