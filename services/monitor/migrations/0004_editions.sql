-- What moved the public figures, move by move: a line that came (+1) or went (-1), with the events that caused it. A
-- figure at publication S is the sum of the moves up to S; a difference is the sum of those between. A move is named by
-- its publication, origin (the import; empty for a packet) and entry (line of the import; number of the packet).
CREATE VIEW public_move AS
SELECT published AS publication, 1 AS sign, '' COLLATE "C" AS origin, id AS entry, indicator, source, area, period,
       respondents, n, total, squares, spread_n, numerator, denominator, histogram, events
FROM packet
UNION ALL
SELECT dissolved, -1, '' COLLATE "C", id, indicator, source, area, period,
       respondents, n, total, squares, spread_n, numerator, denominator, histogram, ended_by
FROM packet WHERE dissolved IS NOT NULL
UNION ALL
SELECT o.published, 1, o.import COLLATE "C", o.line::bigint, o.indicator, o.source, o.area, o.period,
       o.respondents, o.n, o.total, o.squares, o.spread_n, o.numerator, o.denominator, o.histogram, ARRAY[i.event]
FROM observation AS o JOIN observation_import AS i ON i.id = o.import WHERE o.published IS NOT NULL
UNION ALL
SELECT o.dissolved, -1, o.import COLLATE "C", o.line::bigint, o.indicator, o.source, o.area, o.period,
       o.respondents, o.n, o.total, o.squares, o.spread_n, o.numerator, o.denominator, o.histogram,
       array_remove(ARRAY[o.ended_by], NULL)
FROM observation AS o WHERE o.published IS NOT NULL AND o.dissolved IS NOT NULL;

-- Rows come in the order of publication: a block range index says where, and costs an import next to nothing.
CREATE INDEX observation_published ON observation USING brin (published);
CREATE INDEX observation_dissolved ON observation (dissolved) WHERE dissolved IS NOT NULL;
CREATE INDEX publication_at ON publication (at);

-- How far the log was read and written at each publication: what an edition cut there is made of.
CREATE TABLE publication_position (
    number     bigint PRIMARY KEY,
    watermarks jsonb NOT NULL,
    outbox     bigint NOT NULL
);
-- At the end of the transaction, when the watermarks of what it folded have moved.
CREATE FUNCTION note_position() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO publication_position (number, watermarks, outbox)
    SELECT NEW.number,
           coalesce((SELECT jsonb_agg(jsonb_build_object('topic', topic, 'partition', partition,
                                                         'nextOffset', next_offset) ORDER BY topic, partition)
                     FROM watermark WHERE projection = 'figures'), '[]'),
           coalesce((SELECT max(position) FROM outbox), 0);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER note_position AFTER INSERT ON publication DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note_position();

-- A frozen publication. Its files are not kept: they are made again from the log, and must have these checksums.
CREATE TABLE edition (
    id           text PRIMARY KEY,
    number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,  -- its place in the series
    title        text NOT NULL,
    publication  bigint NOT NULL CHECK (publication >= 0),    -- 0: before anything was published
    cut_at       timestamptz NOT NULL,
    watermarks   jsonb NOT NULL,
    outbox       bigint NOT NULL,
    frame        jsonb NOT NULL,  -- areas, indicators and baseline as they were: names are frozen too
    format       smallint NOT NULL,
    generator    text NOT NULL,
    cells        bigint NOT NULL,
    csv_bytes    bigint NOT NULL,
    csv_sha256   text NOT NULL,
    json_bytes   bigint NOT NULL,
    json_sha256  text NOT NULL,
    previous     text REFERENCES edition,
    published_at timestamptz NOT NULL
);
