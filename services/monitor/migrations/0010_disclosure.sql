-- What is public is kept in the form in which it may be, see docs/decisions/0023-disclosure.md. Nothing from before was:
-- it goes, and a rebuild publishes what may be published of dialogues; files are offered again.
DROP VIEW public_move;
DROP VIEW public_line;
TRUNCATE unit, packet, observation, observation_import, observation_series, observation_upload,
    observation_error, observation_pending, publication_position, edition;
DELETE FROM publication;
DELETE FROM quality_finding WHERE kind = 'rows-rejected';  -- they counted
UPDATE publication_head SET number = 0, packets = 0;
-- A figure stays, with nothing in it: what anyone hears goes on under the versions it had.
UPDATE published SET respondents = 0, n = 0, total = 0, numerator = 0, denominator = 0, histogram = '{}',
    publication = 0, shown = NULL;

-- `total` is n times the mean as it is shown; of `low_n` and `high_n` values only a bound of the mean is; `histogram` is
-- of `detailed_n`.
ALTER TABLE packet DROP COLUMN squares, DROP COLUMN spread_n,
    ADD COLUMN low_n bigint NOT NULL, ADD COLUMN high_n bigint NOT NULL, ADD COLUMN detailed_n bigint NOT NULL;
ALTER TABLE published DROP COLUMN squares, DROP COLUMN spread_n,
    ADD COLUMN low_n bigint NOT NULL DEFAULT 0, ADD COLUMN high_n bigint NOT NULL DEFAULT 0,
    ADD COLUMN detailed_n bigint NOT NULL DEFAULT 0;
ALTER TABLE published ALTER COLUMN low_n DROP DEFAULT, ALTER COLUMN high_n DROP DEFAULT,
    ALTER COLUMN detailed_n DROP DEFAULT;

-- An observation is of an indicator, source, period and area; by which method is a fact about it, from a register. That
-- a file names registered ones is checked row by row: a reference would be looked up for each row again.
CREATE TABLE method (
    code text PRIMARY KEY,
    name text NOT NULL
);
ALTER TABLE observation
    DROP CONSTRAINT observation_key,
    -- What may be public of it; null when nothing may. Of a line that waits it says nothing.
    ADD COLUMN public_total numeric,
    ADD COLUMN low_n bigint NOT NULL DEFAULT 0,
    ADD COLUMN high_n bigint NOT NULL DEFAULT 0,
    ADD COLUMN detailed_n bigint NOT NULL DEFAULT 0,
    ADD COLUMN public_histogram bigint[] NOT NULL DEFAULT '{}',
    -- Public with less than its n allows: with more it would tell of a few beside what was public in detail.
    ADD COLUMN coarse boolean NOT NULL DEFAULT false,
    -- A correction that would tell of too few people beside what was ever public: that stays, beside this line.
    ADD COLUMN waiting boolean NOT NULL DEFAULT false,
    -- Its place among what its import made public: the line in the file would tell of what is not.
    ADD COLUMN entry bigint,
    ADD CONSTRAINT observation_key UNIQUE NULLS NOT DISTINCT (indicator, source, period, area, dissolved, waiting);
-- An import is public: when, and which. What its file was stands with the upload, for the programme.
ALTER TABLE observation_import DROP COLUMN sha256, DROP COLUMN rows, DROP COLUMN refused, DROP COLUMN replaced,
    ADD COLUMN entries bigint NOT NULL DEFAULT 0;  -- how many of its lines became public
ALTER TABLE observation_upload ADD COLUMN waiting bigint NOT NULL DEFAULT 0;

CREATE VIEW public_line AS
SELECT published, dissolved, indicator, source, area, period, respondents, n, total, low_n, high_n, numerator,
       denominator, detailed_n, histogram, events, ended_by
FROM packet
UNION ALL
SELECT o.published, o.dissolved, o.indicator, o.source, o.area, o.period, o.respondents, o.n, o.public_total, o.low_n,
       o.high_n, o.numerator, o.denominator, o.detailed_n, o.public_histogram, ARRAY[i.event],
       array_remove(ARRAY[o.ended_by], NULL)
FROM observation AS o JOIN observation_import AS i ON i.id = o.import WHERE o.published IS NOT NULL;

-- See 0004_editions.sql.
CREATE VIEW public_move AS
SELECT published AS publication, 1 AS sign, '' COLLATE "C" AS origin, id AS entry, indicator, source, area, period,
       respondents, n, total, low_n, high_n, numerator, denominator, detailed_n, histogram, events
FROM packet
UNION ALL
SELECT dissolved, -1, '' COLLATE "C", id, indicator, source, area, period,
       respondents, n, total, low_n, high_n, numerator, denominator, detailed_n, histogram, ended_by
FROM packet WHERE dissolved IS NOT NULL
UNION ALL
SELECT o.published, 1, o.import COLLATE "C", o.entry, o.indicator, o.source, o.area, o.period,
       o.respondents, o.n, o.public_total, o.low_n, o.high_n, o.numerator, o.denominator, o.detailed_n,
       o.public_histogram, ARRAY[i.event]
FROM observation AS o JOIN observation_import AS i ON i.id = o.import WHERE o.published IS NOT NULL
UNION ALL
SELECT o.dissolved, -1, o.import COLLATE "C", o.entry, o.indicator, o.source, o.area, o.period,
       o.respondents, o.n, o.public_total, o.low_n, o.high_n, o.numerator, o.denominator, o.detailed_n,
       o.public_histogram, array_remove(ARRAY[o.ended_by], NULL)
FROM observation AS o WHERE o.published IS NOT NULL AND o.dissolved IS NOT NULL;
