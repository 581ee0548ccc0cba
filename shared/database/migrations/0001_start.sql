-- What every service has beside its own tables. Runs in the service's schema, before the service's own migrations.

-- Every event this service ever said, in the order it was appended. `sequence` is assigned by the relay, per source.
CREATE TABLE outbox (
    position       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id             uuid NOT NULL DEFAULT uuidv7(),
    stream         text NOT NULL,
    topic          text NOT NULL,
    key            text NOT NULL,
    type           text NOT NULL,
    subject        text NOT NULL,
    time           timestamptz NOT NULL,
    correlation_id text NOT NULL,
    causation_id   text,
    traceparent    text NOT NULL,
    data           bytea NOT NULL,
    sequence       bigint,
    sent_at        timestamptz
);
CREATE INDEX outbox_fresh ON outbox (position) WHERE sequence IS NULL;
CREATE INDEX outbox_said ON outbox (key, type);
CREATE UNIQUE INDEX outbox_sequence ON outbox (stream, sequence);
CREATE INDEX outbox_unsent ON outbox (sequence) WHERE sent_at IS NULL AND sequence IS NOT NULL;

CREATE TABLE outbox_head (
    stream text PRIMARY KEY,
    last   bigint NOT NULL
);

-- How far each projection is in each partition: moves in the transaction that folds the events.
CREATE TABLE watermark (
    projection  text NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    event_time  timestamptz,
    PRIMARY KEY (projection, topic, partition)
);

-- Which events a projection has folded: a relay that crashed may publish one again at a new offset.
CREATE TABLE claim (
    projection text NOT NULL,
    event_id   text NOT NULL,
    PRIMARY KEY (projection, event_id)
);

-- Records that can never be folded as they are, kept whole for a person to look at and replay.
CREATE TABLE dead_letter (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    projection  text NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    "offset"    bigint NOT NULL,
    event_id    text,
    reason      text NOT NULL,
    key         bytea,
    value       bytea,
    found_at    timestamptz NOT NULL,
    replayed_at timestamptz,
    UNIQUE (projection, topic, partition, "offset")
);

-- The answer to a POST by its Idempotency-Key, so that a retry gets the same answer.
CREATE TABLE idempotency (
    principal  text NOT NULL,
    key        text NOT NULL,
    request    bytea NOT NULL,
    status     smallint,
    body       bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Names this service learnt from others: areas, organisations, initiatives.
CREATE TABLE directory (
    kind        text NOT NULL,
    id          text NOT NULL,
    name        text NOT NULL,
    parent      text,
    valid_from  date,
    valid_until date,
    PRIMARY KEY (kind, id)
);
