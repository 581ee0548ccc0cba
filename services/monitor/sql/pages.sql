Named queries of the pages; pages/store.py is their only caller.

-- name: first_indicator
SELECT code FROM published WHERE kind = 'indicator' ORDER BY kind, code LIMIT 1

-- name: imports
SELECT id, sha256, rows, refused, replaced, at, event FROM observation_import ORDER BY at DESC, id LIMIT $1

-- name: series_of
-- Indicators and kinds of source of which something was published in these areas: a loose index scan, one probe for each.
WITH RECURSIVE found AS (
    (SELECT asked.area, first.code, first.source
     FROM unnest($1::text[]) AS asked (area), LATERAL (
        SELECT code, source FROM published WHERE area = asked.area AND kind = 'indicator'
        ORDER BY code, source LIMIT 1) AS first)
    UNION ALL
    SELECT found.area, next.code, next.source
    FROM found, LATERAL (
        SELECT code, source FROM published
        WHERE area = found.area AND kind = 'indicator' AND (code, source) > (found.code, found.source)
        ORDER BY code, source LIMIT 1) AS next
)
SELECT DISTINCT code, source FROM found ORDER BY code, source

-- name: months
-- Months of which dialogues give public figures, newest first: every figure counts in the province too.
SELECT DISTINCT period FROM published
WHERE level = 'province' AND kind = 'theme' AND source = 'dialogue' AND respondents <> 0
  AND length(period) = 7 AND substr(period, 6, 1) <> 'Q'
ORDER BY period DESC
