-- What a dialogue said and where, so that a new learning key can count it otherwise. Null for dialogues that were folded
-- before this was kept (a rebuild fills it), and for withdrawn ones.
ALTER TABLE dialogue
    ADD COLUMN area     text,
    ADD COLUMN findings jsonb,
    ADD COLUMN event    text;  -- the id of the event that brought it

-- Versions may become valid in any order: of those valid on a day the newest version counts.
ALTER TABLE learning_key DROP CONSTRAINT learning_key_valid_from_key;

-- Cells are merged in one statement, which proposes negative rows: the fold itself refuses a cell below nothing.
ALTER TABLE aggregate DROP CONSTRAINT aggregate_n_check;

-- What anyone hears goes on under the versions it had.
INSERT INTO published (kind, code, source, area, period, theme, level, respondents, n, total, squares, spread_n,
                       numerator, denominator, histogram, version, publication)
SELECT moved.kind, moved.code, 'dialogue', moved.area, moved.period, coalesce(indicator.theme, moved.code), area.level,
       0, 0, 0, 0, 0, 0, 0, '{}', moved.version, 0
FROM aggregate_version AS moved JOIN area ON area.code = moved.area
LEFT JOIN indicator ON moved.kind = 'indicator' AND indicator.code = moved.code;
DROP TABLE aggregate_version;

-- From months alone to quarters and years.
INSERT INTO aggregate (kind, code, theme, level, area, period, findings, respondents, n, sum, sum_squares, histogram)
SELECT kind, code, theme, level, area, longer.period, sum(findings), sum(respondents), sum(n), sum(sum),
       sum(sum_squares),
       ARRAY[sum(histogram[1]), sum(histogram[2]), sum(histogram[3]), sum(histogram[4]), sum(histogram[5])]::bigint[]
FROM aggregate AS month
CROSS JOIN LATERAL (
    VALUES (left(month.period, 4)),
           (left(month.period, 4) || '-Q' || (right(month.period, 2)::integer + 2) / 3)
) AS longer (period)
GROUP BY kind, code, theme, level, area, longer.period;
