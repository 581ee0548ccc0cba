CREATE TABLE budget_line (
    id          text PRIMARY KEY,
    position    integer NOT NULL CHECK (position > 0),
    performance text NOT NULL,
    action      text NOT NULL
);
CREATE INDEX budget_line_of_performance ON budget_line (performance);

-- committed and disbursed move with each commitment and disbursement, under the lock of the line: a decision does not
-- cost more as history grows, and the database refuses what the rules should have.
CREATE TABLE budget_amount (
    line            text NOT NULL REFERENCES budget_line,
    period          text NOT NULL,
    amount_cents    bigint NOT NULL,
    committed_cents bigint NOT NULL DEFAULT 0 CHECK (committed_cents <= amount_cents),
    disbursed_cents bigint NOT NULL DEFAULT 0 CHECK (disbursed_cents BETWEEN 0 AND committed_cents),
    PRIMARY KEY (line, period)
);

-- Inside the lines, never added to them. One row per party, so that nothing is counted twice.
CREATE TABLE capacity_share (
    id           text PRIMARY KEY,
    performance  text NOT NULL,
    party        text NOT NULL,
    period       text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    UNIQUE (performance, period, party)
);

CREATE TABLE commitment (
    id              text PRIMARY KEY,
    line            text NOT NULL,
    period          text NOT NULL,
    amount_cents    bigint NOT NULL CHECK (amount_cents > 0),
    disbursed_cents bigint NOT NULL DEFAULT 0 CHECK (disbursed_cents BETWEEN 0 AND amount_cents),
    recipient       text NOT NULL,
    initiative      text,
    made_on         date NOT NULL,
    FOREIGN KEY (line, period) REFERENCES budget_amount
);
CREATE INDEX commitment_of_line ON commitment (line, id);
CREATE INDEX commitment_recent ON commitment (made_on DESC, id);

CREATE TABLE disbursement (
    id           text PRIMARY KEY,
    commitment   text NOT NULL REFERENCES commitment,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    paid_on      date NOT NULL
);
CREATE INDEX disbursement_of_commitment ON disbursement (commitment, paid_on, id);

CREATE TABLE finding (
    id               text PRIMARY KEY,
    kind             text NOT NULL,
    title            text NOT NULL,
    explanation      text NOT NULL,
    paragraph        text NOT NULL,
    stated_cents     bigint CHECK (stated_cents >= 0),
    computed_cents   bigint CHECK (computed_cents >= 0),
    difference_cents bigint GENERATED ALWAYS AS (computed_cents - stated_cents) STORED
);
