What waits, what becomes public, and the live public figures; store.py is their only caller.

-- name: pools_of
SELECT DISTINCT indicator, source, left(period, 4) AS year FROM unit WHERE ref = ANY($1::text[])

-- name: lock_pools
-- In one order for everyone, before the head: no two transactions wait in a circle.
SELECT pg_advisory_xact_lock(key)
FROM (SELECT DISTINCT hashtextextended('monitor pool ' || pool, 0) AS key FROM unnest($1::text[]) AS row (pool)
      ORDER BY key) AS sorted

-- name: units_of
SELECT * FROM unit WHERE ref = ANY($1::text[])

-- name: waiting
SELECT u.* FROM unnest($1::text[], $2::text[], $3::text[]) AS pool (indicator, source, year)
JOIN unit AS u ON u.indicator = pool.indicator AND u.source = pool.source AND left(u.period, 4) = pool.year
WHERE u.packet IS NULL ORDER BY u.ref, u.number

-- name: standing_packets
SELECT * FROM packet WHERE id = ANY($1::bigint[]) AND dissolved IS NULL ORDER BY id

-- name: next_publication
WITH head AS (
    UPDATE publication_head SET number = number + 1, packets = packets + $1 RETURNING number, packets
), told AS (
    INSERT INTO publication (number, at, reason) SELECT number, $2, $3 FROM head
)
SELECT number, packets FROM head

-- name: dissolve
UPDATE packet SET dissolved = $1, ended_by = string_to_array(ending.events, ',')
FROM unnest($2::bigint[], $3::text[]) AS ending (id, events) WHERE packet.id = ending.id

-- name: insert_packets
INSERT INTO packet (id, published, indicator, source, area, period, respondents, n, total, squares, spread_n, numerator,
                    denominator, histogram, units, events)
SELECT id, $1, indicator, source, area, period, respondents, n, total, squares, spread_n, numerator, denominator,
       string_to_array(histogram, ',')::bigint[], units, string_to_array(events, ',')
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::numeric[],
            $10::numeric[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::integer[], $16::text[])
     AS row (id, indicator, source, area, period, respondents, n, total, squares, spread_n, numerator, denominator,
             histogram, units, events)

-- name: delete_units
DELETE FROM unit WHERE (ref, number) IN (SELECT * FROM unnest($1::text[], $2::integer[]))

-- name: empty_units
-- That it was in this packet stays, so that it is in no other; what its people said does not.
UPDATE unit SET respondents = 0, n = 0, total = 0, squares = 0, spread_n = 0, numerator = 0, denominator = 0,
                histogram = '{}'
WHERE (ref, number) IN (SELECT * FROM unnest($1::text[], $2::integer[]))

-- name: insert_units
INSERT INTO unit (ref, number, indicator, source, area, period, event, packet, respondents, n, total, squares, spread_n,
                  numerator, denominator, histogram)
SELECT ref, number, indicator, source, area, period, event, packet, respondents, n, total, squares, spread_n, numerator,
       denominator, string_to_array(histogram, ',')::bigint[]
FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
            $9::bigint[], $10::bigint[], $11::numeric[], $12::numeric[], $13::bigint[], $14::bigint[], $15::bigint[],
            $16::text[])
     AS row (ref, number, indicator, source, area, period, event, packet, respondents, n, total, squares, spread_n,
             numerator, denominator, histogram)

-- name: pack_units
UPDATE unit SET packet = packed.packet
FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS packed (ref, number, packet)
WHERE unit.ref = packed.ref AND unit.number = packed.number

-- name: cells
SELECT p.kind, p.code, p.source, p.area, p.period, p.version, p.respondents, p.n, p.total, p.squares, p.spread_n,
       p.numerator, p.denominator, p.histogram
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS row (kind, code, source, area, period)
JOIN published AS p USING (kind, code, source, area, period)

-- name: put_cells
INSERT INTO published (kind, code, source, area, period, theme, level, respondents, n, total, squares, spread_n,
                       numerator, denominator, histogram, version, publication, shown)
SELECT kind, code, source, area, period, theme, level, respondents, n, total, squares, spread_n, numerator, denominator,
       string_to_array(histogram, ',')::bigint[], version, $1, shown
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
            $10::bigint[], $11::numeric[], $12::numeric[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[],
            $17::bigint[], $18::text[])
     AS row (kind, code, source, area, period, theme, level, respondents, n, total, squares, spread_n, numerator,
             denominator, histogram, version, shown)
ON CONFLICT (kind, code, source, period, area) DO UPDATE
SET respondents = excluded.respondents, n = excluded.n, total = excluded.total, squares = excluded.squares,
    spread_n = excluded.spread_n, numerator = excluded.numerator, denominator = excluded.denominator,
    histogram = excluded.histogram, version = excluded.version, publication = excluded.publication,
    shown = excluded.shown

-- name: count_waiting
SELECT source, count(*) AS units FROM unit WHERE packet IS NULL GROUP BY source
