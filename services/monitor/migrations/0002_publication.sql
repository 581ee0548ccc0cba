-- The public world of the monitor beside the exact one. See deploy/decisions/0010: what is published is a log of packets
-- of enough respondents, and every public figure is a sum of packets.
ALTER TABLE area DROP CONSTRAINT area_level_check,
    ADD CONSTRAINT area_level_check CHECK (level IN ('neighbourhood', 'municipality', 'region', 'province'));

ALTER TABLE indicator
    ADD COLUMN measure text NOT NULL DEFAULT 'mean',
    ADD COLUMN owner text NOT NULL DEFAULT 'provincie-noord-brabant';
CREATE TABLE indicator_version (
    code       text NOT NULL REFERENCES indicator,
    version    integer NOT NULL CHECK (version >= 2),
    title      text NOT NULL,
    change     text NOT NULL,
    valid_from date NOT NULL,
    comparable boolean NOT NULL,
    reason     text CHECK (comparable = (reason IS NULL)),
    PRIMARY KEY (code, version)
);

-- A moment of publication. Numbered under the lock of the head, so numbers are in the order of commits, without gaps.
CREATE TABLE publication_head (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    number  bigint NOT NULL,
    packets bigint NOT NULL  -- how many there are
);
INSERT INTO publication_head (number, packets) VALUES (0, 0);
CREATE TABLE publication (
    number bigint PRIMARY KEY,
    at     timestamptz NOT NULL,
    reason text NOT NULL  -- dialogue, observations, learning-key, rebuild
);

-- What may be published, one by one too small: a finding of a dialogue, or an observation below the threshold. It is
-- in one packet, once: when that is dissolved its units stay behind in it, those that were removed without what they said.
CREATE TABLE unit (
    ref         text NOT NULL,     -- what comes and goes together, and is of the same people: dialogue/<id>, observation/..
    number      integer NOT NULL,  -- which of its findings
    indicator   text NOT NULL,
    source      text NOT NULL,
    area        text NOT NULL,
    period      text NOT NULL,
    respondents bigint NOT NULL,
    n           bigint NOT NULL,
    total       numeric NOT NULL,
    squares     numeric NOT NULL,
    spread_n    bigint NOT NULL,
    numerator   bigint NOT NULL,
    denominator bigint NOT NULL,
    histogram   bigint[] NOT NULL,
    event       text NOT NULL,     -- the id of the event that brought it
    packet      bigint,            -- null while it waits
    PRIMARY KEY (ref, number)
);
CREATE INDEX unit_waiting ON unit (indicator, source, left(period, 4)) WHERE packet IS NULL;
CREATE INDEX unit_packet ON unit (packet) WHERE packet IS NOT NULL;

-- Units published together, in the smallest area and period that they share. Never changed; dissolved when one of them
-- is withdrawn.
CREATE TABLE packet (
    id          bigint PRIMARY KEY,  -- 1, 2, 3.. in order of publication
    published   bigint NOT NULL REFERENCES publication,
    dissolved   bigint REFERENCES publication,
    indicator   text NOT NULL,
    source      text NOT NULL,
    area        text NOT NULL,
    period      text NOT NULL,
    respondents bigint NOT NULL,
    n           bigint NOT NULL,
    total       numeric NOT NULL,
    squares     numeric NOT NULL,
    spread_n    bigint NOT NULL,
    numerator   bigint NOT NULL,
    denominator bigint NOT NULL,
    histogram   bigint[] NOT NULL,
    units       integer NOT NULL,
    events      text[] NOT NULL,   -- that brought its units
    ended_by    text[] NOT NULL DEFAULT '{}'  -- the events that dissolved it
);
CREATE INDEX packet_published ON packet (published);
CREATE INDEX packet_dissolved ON packet (dissolved) WHERE dissolved IS NOT NULL;
CREATE INDEX packet_indicator ON packet (indicator, source, area, period);

-- An observation of enough respondents is published as it is, without unit or packet.
CREATE TABLE observation_import (
    id        text PRIMARY KEY,
    sha256    text NOT NULL UNIQUE,
    file_name text NOT NULL,
    rows      integer NOT NULL,
    refused   integer NOT NULL,
    replaced  integer NOT NULL,
    at        timestamptz NOT NULL,
    event     text NOT NULL
);
CREATE TABLE observation (
    import      text NOT NULL,
    line        integer NOT NULL,
    indicator   text NOT NULL,
    version     integer NOT NULL,
    source      text NOT NULL,
    method      text NOT NULL,
    area        text NOT NULL,
    geography   smallint NOT NULL,  -- the year of the division into municipalities
    period      text NOT NULL,
    respondents bigint NOT NULL,
    n           bigint NOT NULL,
    total       numeric NOT NULL,
    squares     numeric NOT NULL,
    spread_n    bigint NOT NULL,
    numerator   bigint NOT NULL,
    denominator bigint NOT NULL,
    histogram   bigint[] NOT NULL,
    published   bigint,  -- null: too small, a unit stands for it
    dissolved   bigint,  -- replaced by a later import, or withdrawn
    PRIMARY KEY (import, line)
);

-- The public log, from both: what each publication added and took away.
CREATE VIEW public_line AS
SELECT published, dissolved, indicator, source, area, period, respondents, n, total, squares, spread_n, numerator,
       denominator, histogram, events, ended_by
FROM packet
UNION ALL
SELECT o.published, o.dissolved, o.indicator, o.source, o.area, o.period, o.respondents, o.n, o.total, o.squares,
       o.spread_n, o.numerator, o.denominator, o.histogram, ARRAY[i.event], '{}'::text[]
FROM observation AS o JOIN observation_import AS i ON i.id = o.import WHERE o.published IS NOT NULL;

-- The live public figures: the sum of what is published and not dissolved, in every area and period around it.
CREATE TABLE published (
    kind        text NOT NULL,   -- indicator; theme only for dialogues
    code        text NOT NULL,
    source      text NOT NULL,
    area        text NOT NULL,
    period      text NOT NULL,
    theme       text NOT NULL,
    level       text NOT NULL,
    respondents bigint NOT NULL,
    n           bigint NOT NULL,
    total       numeric NOT NULL,
    squares     numeric NOT NULL,
    spread_n    bigint NOT NULL,
    numerator   bigint NOT NULL,
    denominator bigint NOT NULL,
    histogram   bigint[] NOT NULL,
    version     bigint NOT NULL,   -- how often it moved; a cell that became empty stays, with zeros, to go on counting
    publication bigint NOT NULL,   -- when it moved last
    PRIMARY KEY (kind, code, source, period, area)
);
CREATE INDEX published_of_area ON published (area, kind, code, source, period);
-- By the primary key one would pass all municipalities to find a region.
CREATE INDEX published_of_level ON published (level, kind, code, source, period, area)
    WHERE level IN ('neighbourhood', 'region', 'province');
