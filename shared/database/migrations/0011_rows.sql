-- What stands in the outbox can be sent: it is JSON, and no larger than shared/outbox/store.py allows. Whoever appends.
-- NOT VALID: a row from before is left; the relay sets it aside when it cannot be sent.
ALTER TABLE outbox ADD CONSTRAINT sendable CHECK (
    octet_length(data) <= 61440 AND octet_length(key) <= 500 AND data IS JSON OBJECT
) NOT VALID;

-- By what is forgotten first: see shared/processes/forgetting.py.
CREATE INDEX dead_letter_age ON dead_letter ((coalesce(replayed_at, found_at)));
