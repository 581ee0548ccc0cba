-- What waits for a number, and the numbers themselves, stand beside the outbox: its rows are written once, never again.
DROP VIEW unsent;
DROP INDEX outbox_fresh;
DROP INDEX outbox_sequence;

-- Positions that have no number yet. By a trigger, so that nothing that is appended can be forgotten.
CREATE TABLE outbox_fresh (
    position bigint PRIMARY KEY
);
INSERT INTO outbox_fresh SELECT position FROM outbox WHERE sequence IS NULL;
CREATE FUNCTION outbox_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_fresh SELECT position FROM appended;
    RETURN NULL;
END
$$;
CREATE TRIGGER appended AFTER INSERT ON outbox REFERENCING NEW TABLE AS appended
FOR EACH STATEMENT EXECUTE FUNCTION outbox_appended();

-- What was numbered at once: the n-th position of a row has the sequence `first` + n - 1.
CREATE TABLE outbox_batch (
    stream    text NOT NULL,
    first     bigint NOT NULL,
    positions bigint[] STORAGE EXTERNAL NOT NULL,
    PRIMARY KEY (stream, first)
);
INSERT INTO outbox_batch
SELECT stream, min(sequence), array_agg(position ORDER BY sequence) FROM outbox WHERE sequence IS NOT NULL
GROUP BY stream, (sequence - 1) / 1000;

ALTER TABLE outbox DROP COLUMN sequence;

CREATE VIEW numbered AS
SELECT stream, first + at.n - 1 AS sequence, at.position
FROM outbox_batch CROSS JOIN LATERAL unnest(positions) WITH ORDINALITY AS at (position, n);

-- What Kafka has not acknowledged: for people and tests, not for the relay. OFFSET 0: by the keys, whatever is estimated.
CREATE VIEW unsent AS
SELECT outbox.*, NULL::bigint AS sequence FROM outbox_fresh JOIN outbox USING (position)
UNION ALL
SELECT outbox.*, batch.first + at.n - 1
FROM outbox_head AS head CROSS JOIN LATERAL (
    SELECT first, positions FROM outbox_batch WHERE stream = head.stream AND first >= (
        SELECT max(first) FROM outbox_batch WHERE stream = head.stream AND first <= head.sent + 1) OFFSET 0) AS batch
    CROSS JOIN LATERAL unnest(batch.positions) WITH ORDINALITY AS at (position, n)
    CROSS JOIN LATERAL (SELECT * FROM outbox WHERE position = at.position OFFSET 0) AS outbox
WHERE head.sent < head.last AND batch.first + at.n - 1 > head.sent;
