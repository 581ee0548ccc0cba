-- Each event has a number in its slot of its topic: see docs/decisions/0032-numbers.md. Numbers are given to all events
-- or to none, so state from before starts afresh.
DO $$
BEGIN
    IF EXISTS (SELECT FROM outbox) OR EXISTS (SELECT FROM watermark) THEN
        RAISE EXCEPTION 'the schema % has events from before slot numbers: start with an empty database and log',
                        current_schema();
    END IF;
END
$$;
ALTER TABLE outbox ADD COLUMN slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 63);

-- The last number given in each slot.
CREATE TABLE outbox_slot (
    topic text NOT NULL,
    slot  smallint NOT NULL,
    last  bigint NOT NULL,
    PRIMARY KEY (topic, slot)
) WITH (fillfactor = 50);
-- Over how many partitions the relay spreads the slots of a topic.
CREATE TABLE outbox_topic (
    topic      text PRIMARY KEY,
    partitions integer NOT NULL
);
-- The n-th position has the n-th of these as its number in its slot.
ALTER TABLE outbox_batch ADD COLUMN numbers bigint[] STORAGE EXTERNAL NOT NULL;
CREATE OR REPLACE VIEW numbered AS
SELECT stream, first + at.n - 1 AS sequence, at.position, at.number
FROM outbox_batch CROSS JOIN LATERAL unnest(positions, numbers) WITH ORDINALITY AS at (position, number, n);

-- How far a projection is in each slot: what has this number or a lower one was folded, or set aside. Written under the
-- lock of the partition's watermark.
DROP TABLE claim;
CREATE TABLE claim (
    projection text NOT NULL,
    topic      text NOT NULL,
    slot       smallint NOT NULL,
    last       bigint NOT NULL DEFAULT 0,
    event_id   text,  -- of the last one, when it was read
    PRIMARY KEY (projection, topic, slot)
) WITH (fillfactor = 50);
