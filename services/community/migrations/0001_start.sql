CREATE TABLE organisation (
    id            text PRIMARY KEY,
    name          text NOT NULL,
    kind          text NOT NULL,
    registered_at timestamptz NOT NULL
);

-- `groups` and `findings` hold small counts that may point at people: they are kept to recognise a retry, never shown.
CREATE TABLE dialogue (
    id                text PRIMARY KEY,
    municipality      text NOT NULL,
    neighbourhood     text,
    organiser         text NOT NULL REFERENCES organisation,
    initiative        text,
    themes            text[] NOT NULL,
    planned_on        date NOT NULL,
    status            text NOT NULL,
    held_on           date,
    participants      integer,
    groups            jsonb,
    findings          jsonb,
    topics            text[] NOT NULL DEFAULT '{}',
    actions           text[] NOT NULL DEFAULT '{}',
    withdrawn_at      timestamptz,
    withdrawal_reason text
);
CREATE INDEX dialogue_of_municipality ON dialogue (municipality, id);
CREATE INDEX dialogue_of_initiative ON dialogue (initiative, id);
CREATE INDEX dialogue_by_day ON dialogue (status, (coalesce(held_on, planned_on)));

-- What people would call news, in the order in which it became visible here. `position` is the cursor; the text is made
-- from `data` when it is read.
CREATE TABLE activity (
    position      bigint PRIMARY KEY,
    event_id      text NOT NULL,
    type          text NOT NULL,
    occurred_at   timestamptz NOT NULL,
    about         text NOT NULL,
    initiative    text,
    areas         text[] NOT NULL,
    themes        text[] NOT NULL,
    organisations text[] NOT NULL,
    data          bytea NOT NULL
);
CREATE INDEX activity_about ON activity (about, type);
CREATE INDEX activity_of_initiative ON activity (initiative, position);
CREATE INDEX activity_of_type ON activity (type, position);
CREATE INDEX activity_of_areas ON activity USING gin (areas);
CREATE INDEX activity_of_organisations ON activity USING gin (organisations);

-- The last position given out. Its row lock makes later writers wait for the commit, so positions become visible in
-- order and without gaps: a reader that pages by position skips nothing.
CREATE TABLE activity_head (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    last bigint NOT NULL
);
INSERT INTO activity_head (last) VALUES (0);

-- Names for the texts, folded with the activity: the name of an initiative is there before its first news. `directory`
-- is for checking commands; it has no indicators and budget lines, and may be behind.
CREATE TABLE name (
    kind text NOT NULL,
    id   text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX name_of_id ON name (id);

-- What the newsletter may want to tell, at the position of the activity behind it. `withdrawn_at`: it must not any more.
CREATE TABLE newsletter_trigger (
    position     bigint PRIMARY KEY REFERENCES activity,
    id           text NOT NULL UNIQUE,
    reason       text NOT NULL,
    cause        text NOT NULL,
    about        text NOT NULL,
    initiative   text,
    municipality text,
    themes       text[] NOT NULL,
    raised_at    timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX newsletter_trigger_about ON newsletter_trigger (about);
CREATE INDEX newsletter_trigger_of_reason ON newsletter_trigger (reason, position);
