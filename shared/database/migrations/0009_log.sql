-- Which log a watermark counts in: the id of its first record, and the id of the record before the watermark. In another
-- log, or an older copy of it, the same offset is another place.
ALTER TABLE watermark ADD COLUMN log_id text;
ALTER TABLE watermark ADD COLUMN event_id text;

-- Why a projection stands still and for whom it waits: through every restart, until it is repaired.
CREATE TABLE halt (
    projection text NOT NULL,
    topic      text NOT NULL,
    partition  integer NOT NULL,
    kind       text NOT NULL,
    reason     text NOT NULL,
    found_at   timestamptz NOT NULL,
    PRIMARY KEY (projection, topic, partition)
);
