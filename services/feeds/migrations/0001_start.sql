-- Every public event as published, in the order in which it became visible here. `position` is the cursor.
CREATE TABLE event (
    position bigint PRIMARY KEY,
    id       text NOT NULL UNIQUE,
    source   text NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    type     text NOT NULL,
    subject  text NOT NULL,
    time     timestamptz NOT NULL,
    value    bytea NOT NULL,
    -- Two events under one number: the publisher lost its count, and readers could not see gaps any more.
    UNIQUE (source, sequence)
);
-- Both end in position: a filtered page jumps to its next events, however far away they are.
CREATE INDEX event_of_type ON event (source, type, position);
CREATE INDEX event_of_subject ON event (subject, position);

-- The last position given out. Its row lock makes later writers wait for the commit, so positions become visible in
-- order and without gaps: a reader that pages by position skips nothing.
CREATE TABLE feed_head (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    last bigint NOT NULL
);
INSERT INTO feed_head (last) VALUES (0);

-- Up to `contiguous` no event of this source is missing.
CREATE TABLE source (
    source     text PRIMARY KEY,
    events     bigint NOT NULL,
    highest    bigint NOT NULL,
    contiguous bigint NOT NULL DEFAULT 0
);
