-- Impact: goals and their verdicts, assessments, outcomes, what initiatives spend, the instruments, quality findings.

-- Folded from what the initiatives service and the finance service say. Every statement that writes here commutes, so
-- the order between partitions does not matter.
CREATE TABLE initiative (
    id             text PRIMARY KEY,
    number         text,
    title          text NOT NULL,
    municipalities text[] NOT NULL,
    regions        text[] NOT NULL,
    phase          smallint NOT NULL  -- when it was registered; its place in the enumeration Phase
);
CREATE TABLE initiative_phase (
    initiative text NOT NULL,
    phase      smallint NOT NULL,
    reached_on date NOT NULL,
    PRIMARY KEY (initiative, phase)
);
CREATE TABLE initiative_lesson (
    id           text PRIMARY KEY,
    initiative   text NOT NULL,
    title        text NOT NULL,
    worked       boolean NOT NULL,
    transferable boolean NOT NULL,
    drawn_on     date NOT NULL
);
CREATE INDEX initiative_lesson_of ON initiative_lesson (initiative);
CREATE TABLE initiative_spending (
    initiative      text PRIMARY KEY,  -- '' is money of no initiative
    commitments     bigint NOT NULL,
    committed_cents bigint NOT NULL,
    disbursements   bigint NOT NULL,
    disbursed_cents bigint NOT NULL
);

-- The towns and regions the programme works in.
CREATE TABLE programme_area (
    area        text PRIMARY KEY REFERENCES area,
    valid_from  date NOT NULL,
    valid_until date CHECK (valid_until > valid_from),
    paragraph   text NOT NULL
);

CREATE TABLE goal (
    id                  text PRIMARY KEY,
    level               text NOT NULL,
    question            text NOT NULL,
    initiative          text CHECK ((level = 'initiative') = (initiative IS NOT NULL)),
    title               text NOT NULL,
    ambition            text NOT NULL,
    paragraph           text NOT NULL,
    counts              text,                        -- what we count ourselves
    indicator           text REFERENCES indicator,   -- or a published figure
    source              text CHECK ((source IS NULL) = (indicator IS NULL)),
    area                text REFERENCES area,        -- null: the towns of the programme together
    period              text,                        -- null: the newest year until the due date
    baseline_millionths bigint,
    baseline_period     text,
    basis               text NOT NULL,
    target_millionths   bigint,
    direction           text NOT NULL,
    due                 date,
    verdict             text NOT NULL DEFAULT 'unknown',  -- as it was last told
    CHECK (counts IS NULL OR indicator IS NULL)
);
CREATE INDEX goal_indicator ON goal (indicator, source) WHERE indicator IS NOT NULL;
-- Every change of verdict.
CREATE TABLE goal_judgement (
    goal                text NOT NULL REFERENCES goal,
    number              integer NOT NULL,
    at                  timestamptz NOT NULL,
    verdict             text NOT NULL,
    previous            text NOT NULL,
    measured_millionths bigint,
    target_millionths   bigint,
    reason              text,
    PRIMARY KEY (goal, number)
);

-- Results with evidence: nobody's name, only counts.
CREATE TABLE initiative_outcome (
    id          text PRIMARY KEY,
    initiative  text,                     -- null: of the programme as a whole
    goal        text REFERENCES goal,
    indicator   text REFERENCES indicator,
    area        text REFERENCES area,
    lesson      text,                     -- the lesson that was taken over
    statement   text NOT NULL,
    count       bigint NOT NULL CHECK (count >= 1),
    evidence    text NOT NULL,
    achieved_on date NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX initiative_outcome_of ON initiative_outcome (initiative);
CREATE INDEX initiative_outcome_goal ON initiative_outcome (goal) WHERE goal IS NOT NULL;

-- What is answered to a question at a level. Never changed: the newest version counts.
CREATE TABLE assessment (
    id          text PRIMARY KEY,
    level       text NOT NULL,
    question    text NOT NULL,
    initiative  text CHECK ((level = 'initiative') = (initiative IS NOT NULL)),
    version     integer NOT NULL,
    statement   text NOT NULL,
    verdict     text NOT NULL,
    reason      text CHECK (verdict <> 'unknown' OR reason IS NOT NULL),
    assessed_by text NOT NULL,
    assessed_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (level, question, initiative, version)
);
CREATE TABLE assessment_evidence (
    assessment text NOT NULL REFERENCES assessment,
    number     integer NOT NULL,
    kind       text NOT NULL,
    ref        text NOT NULL,
    area       text,
    period     text,
    note       text,
    PRIMARY KEY (assessment, number)
);

-- The instruments that are explored: option, evidence, decision. Nothing here is changed or removed.
CREATE TABLE instrument (
    id          text PRIMARY KEY,
    title       text NOT NULL,
    description text NOT NULL,
    paragraph   text
);
CREATE TABLE instrument_evidence (
    id         text PRIMARY KEY,
    instrument text NOT NULL REFERENCES instrument,
    statement  text NOT NULL,
    weight     text NOT NULL,  -- for, against, neutral
    source     text NOT NULL,
    initiative text,
    noted_on   date NOT NULL
);
CREATE INDEX instrument_evidence_of ON instrument_evidence (instrument);
CREATE TABLE instrument_decision (
    id         text PRIMARY KEY,
    instrument text NOT NULL REFERENCES instrument,
    number     integer NOT NULL,
    decision   text NOT NULL,
    decided_by text NOT NULL,
    decided_on date NOT NULL,
    reason     text NOT NULL,
    UNIQUE (instrument, number)
);

-- What a reader must know of the data; the text of an id may change, and is then told again.
CREATE TABLE quality_finding (
    id          text PRIMARY KEY,
    kind        text NOT NULL,
    explanation text NOT NULL,
    indicator   text,
    area        text,
    period      text,
    told_at     timestamptz NOT NULL
);
