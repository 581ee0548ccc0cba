CREATE TABLE area (
    code        text PRIMARY KEY,
    name        text NOT NULL,
    level       text NOT NULL CHECK (level IN ('municipality', 'region', 'province')),
    parent      text REFERENCES area,
    valid_from  date NOT NULL,
    valid_until date CHECK (valid_until > valid_from),
    CHECK ((level = 'province') = (parent IS NULL))
);

CREATE TABLE area_change (
    id           text PRIMARY KEY,
    changed_on   date NOT NULL,
    kind         text NOT NULL,
    predecessors text[] NOT NULL,
    successors   text[] NOT NULL
);

CREATE TABLE indicator (
    code            text PRIMARY KEY,
    name_nl         text NOT NULL,
    name_en         text NOT NULL,
    theme           text NOT NULL,
    resource_family text NOT NULL,
    unit            text NOT NULL,
    direction       text NOT NULL
);

CREATE TABLE learning_key (
    version    integer PRIMARY KEY CHECK (version >= 1),
    valid_from date NOT NULL UNIQUE
);
CREATE TABLE learning_key_mapping (
    version   integer NOT NULL REFERENCES learning_key,
    topic     text NOT NULL,
    indicator text NOT NULL REFERENCES indicator,
    PRIMARY KEY (version, topic)
);

CREATE TABLE baseline_fact (
    id           text PRIMARY KEY,
    statement    text NOT NULL,
    theme        text,
    areas        text[] NOT NULL,
    low_percent  integer,
    high_percent integer,
    count        integer,
    period       text NOT NULL,
    source       text NOT NULL,
    paragraph    text NOT NULL
);

-- The figures. Whole numbers only, so that a withdrawal is exact: a cell with nothing in it does not exist.
CREATE TABLE aggregate (
    kind        text NOT NULL,
    code        text NOT NULL,
    theme       text NOT NULL,
    level       text NOT NULL,
    area        text NOT NULL,
    period      text NOT NULL,
    findings    bigint NOT NULL,
    respondents bigint NOT NULL,
    n           bigint NOT NULL CHECK (n >= 0),
    sum         bigint NOT NULL,
    sum_squares bigint NOT NULL,
    histogram   bigint[] NOT NULL,
    PRIMARY KEY (kind, code, area, period)
);
CREATE INDEX aggregate_of_area ON aggregate (area, period);

-- How often a figure moved: outlives the cell, so that readers of the event can order what they see.
CREATE TABLE aggregate_version (
    kind    text NOT NULL,
    code    text NOT NULL,
    area    text NOT NULL,
    period  text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (kind, code, area, period)
);

-- What each dialogue counts for, to take it back exactly.
CREATE TABLE contribution (
    dialogue  text NOT NULL,
    number    integer NOT NULL,
    indicator text NOT NULL,
    theme     text NOT NULL,
    area      text NOT NULL,
    period    text NOT NULL,
    scores    bigint[] NOT NULL,
    PRIMARY KEY (dialogue, number)
);
-- Every dialogue whose findings came or went. Withdrawal is final, in whichever order the two arrive.
CREATE TABLE dialogue (
    id        text PRIMARY KEY,
    held_on   date,
    withdrawn boolean NOT NULL
);
CREATE INDEX dialogue_held_on ON dialogue (held_on);
