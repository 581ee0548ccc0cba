CREATE TABLE initiative (
    id                text PRIMARY KEY,
    number            text UNIQUE,
    title             text NOT NULL,
    challenge         text NOT NULL,
    approach          text NOT NULL,
    learning_question text NOT NULL,
    lines             text[] NOT NULL,
    cross_overs       text[] NOT NULL,
    themes            text[] NOT NULL,
    dilemmas          text[] NOT NULL,
    municipalities    text[] NOT NULL,
    regions           text[] NOT NULL,
    partners          text[] NOT NULL,
    roles             jsonb NOT NULL,
    phase             text NOT NULL,
    phase_on          date NOT NULL,
    registered_at     timestamptz NOT NULL
);

CREATE TABLE phase_change (
    initiative text NOT NULL REFERENCES initiative,
    number     integer NOT NULL,
    phase      text NOT NULL,
    reached_on date NOT NULL,
    PRIMARY KEY (initiative, number)
);

CREATE TABLE lesson (
    id           text PRIMARY KEY,
    initiative   text NOT NULL REFERENCES initiative,
    title        text NOT NULL,
    worked       boolean NOT NULL,
    transferable boolean NOT NULL,
    drawn_on     date NOT NULL
);
CREATE INDEX lesson_of_initiative ON lesson (initiative, drawn_on);
