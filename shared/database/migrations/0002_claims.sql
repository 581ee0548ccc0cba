-- Which events a projection has folded: a byte per number of a source, 1024 in a block. See shared/claims.py.
-- Written under the lock of the partition's watermark. Before this migration: let every outbox and projection drain.
DROP TABLE claim;
CREATE TABLE claim (
    projection text NOT NULL,
    topic      text NOT NULL,
    partition  integer NOT NULL,
    source     text NOT NULL,
    block      bigint NOT NULL,
    marks      bytea STORAGE PLAIN NOT NULL CHECK (length(marks) = 1024),
    PRIMARY KEY (projection, topic, partition, source, block)
) WITH (fillfactor = 50);
