-- What stands in the outbox can be sent: it is JSON, and no larger than shared/outbox/store.py allows. Whoever appends.
-- NOT VALID: a row from before is left; the relay sets it aside when it cannot be sent.
ALTER TABLE outbox ADD CONSTRAINT sendable CHECK (
    octet_length(data) <= 61440 AND octet_length(key) <= 500 AND data IS JSON OBJECT
) NOT VALID;

-- By what is forgotten first: see shared/processes/forgetting.py.
CREATE INDEX dead_letter_age ON dead_letter ((coalesce(replayed_at, found_at)));

-- What cannot be sent: see shared/outbox/set_aside.py. Such a row has no number, or one at which outbox_batch has its
-- position as a negative one: then another record stands for it in the log. `nowhere`: its topic is not there.
CREATE TABLE outbox_aside (
    position bigint PRIMARY KEY,
    topic    text NOT NULL,
    key      text NOT NULL,
    nowhere  boolean NOT NULL,
    reason   text NOT NULL,
    found_at timestamptz NOT NULL
);
CREATE INDEX outbox_aside_key ON outbox_aside (topic, key);

-- By whom a position was appended: so the relay can begin past what it took before, which Postgres cannot clear away while
-- someone reads an older moment (a backup, a download). See shared/outbox/relay.py.
ALTER TABLE outbox_fresh ADD COLUMN appended_by xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX outbox_fresh_appended_by ON outbox_fresh (appended_by);
-- `void`: another record stands for it in the log.
CREATE OR REPLACE VIEW numbered AS
SELECT stream, first + at.n - 1 AS sequence, abs(at.position) AS position, at.number, at.position < 0 AS void
FROM outbox_batch CROSS JOIN LATERAL unnest(positions, numbers) WITH ORDINALITY AS at (position, number, n);
