-- What is sent is a mark per stream, not a column of each row: the relay sends in order, and a row is written once less.
ALTER TABLE outbox_head ADD COLUMN sent bigint NOT NULL DEFAULT 0;
UPDATE outbox_head AS head SET sent = coalesce(
    (SELECT min(sequence) - 1 FROM outbox WHERE outbox.stream = head.stream AND sent_at IS NULL), last);
DROP INDEX outbox_unsent;
ALTER TABLE outbox DROP COLUMN sent_at;

-- What Kafka has not acknowledged: for people and tests, not for the relay.
CREATE VIEW unsent AS SELECT outbox.* FROM outbox LEFT JOIN outbox_head AS head USING (stream)
WHERE outbox.sequence IS NULL OR outbox.sequence > head.sent;
