-- What counts is one line per indicator, source, period, area and method; those it replaced stay beside it.
ALTER TABLE observation DROP CONSTRAINT observation_pkey,
    ADD COLUMN pending boolean NOT NULL DEFAULT false,  -- stored, and to be published by the next steps
    ADD COLUMN ended_by text,  -- the event of the import that replaced it
    ADD CONSTRAINT observation_key UNIQUE NULLS NOT DISTINCT (indicator, source, period, area, method, dissolved);
CREATE OR REPLACE VIEW public_line AS
SELECT published, dissolved, indicator, source, area, period, respondents, n, total, squares, spread_n, numerator,
       denominator, histogram, events, ended_by
FROM packet
UNION ALL
SELECT o.published, o.dissolved, o.indicator, o.source, o.area, o.period, o.respondents, o.n, o.total, o.squares,
       o.spread_n, o.numerator, o.denominator, o.histogram, ARRAY[i.event], array_remove(ARRAY[o.ended_by], NULL)
FROM observation AS o JOIN observation_import AS i ON i.id = o.import WHERE o.published IS NOT NULL;

-- At which level there are observations: one per indicator, source and period, so that nothing counts twice.
CREATE TABLE observation_series (
    indicator text NOT NULL,
    source    text NOT NULL,
    period    text NOT NULL,
    level     text NOT NULL,
    PRIMARY KEY (indicator, source, period)
);

-- Every file that was offered, and how far it is. One that was accepted has an observation_import of the same id.
CREATE TABLE observation_upload (
    id          text PRIMARY KEY,
    sha256      text NOT NULL,
    file_name   text NOT NULL,
    good_rows   boolean NOT NULL,
    state       text NOT NULL CHECK (state IN ('reading', 'accepted', 'refused', 'failed')),
    size        bigint NOT NULL,
    position    bigint NOT NULL DEFAULT 0,
    rows        bigint NOT NULL DEFAULT 0,
    stored      bigint NOT NULL DEFAULT 0,
    replaced    bigint NOT NULL DEFAULT 0,
    unchanged   bigint NOT NULL DEFAULT 0,
    refused     bigint NOT NULL DEFAULT 0,
    errors      bigint NOT NULL DEFAULT 0,
    publication bigint,
    started_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL
);
CREATE INDEX observation_upload_accepted ON observation_upload (sha256) WHERE state = 'accepted';
CREATE INDEX observation_upload_started ON observation_upload (started_at);
CREATE TABLE observation_error (
    upload text NOT NULL,
    line   integer NOT NULL,
    number bigint NOT NULL,  -- in the order in which they were found
    cell   text,
    "column" text,
    value  text,
    reason text NOT NULL,
    PRIMARY KEY (upload, line, number)
);

-- What is stored and waits for its step of publication: the rows of an import on an indicator, source and year.
CREATE TABLE observation_pending (
    import    text NOT NULL,
    indicator text NOT NULL,
    source    text NOT NULL,
    year      text NOT NULL,
    PRIMARY KEY (import, indicator, source, year)
);

-- Counts per class, added class by class.
CREATE FUNCTION counts_added(ours bigint[], theirs bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT
RETURN (SELECT coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY class), '{}')
        FROM unnest(ours, theirs) WITH ORDINALITY AS pair (a, b, class));
CREATE AGGREGATE counts_sum(bigint[]) (sfunc = counts_added, stype = bigint[], initcond = '{}', parallel = safe);
