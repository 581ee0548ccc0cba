Named queries of the public figures; store.py is their only caller. `%s` is a list of conditions,
`%(theme)s` the number of a parameter.

-- name: state
-- What is registered or revised changes one of these numbers.
SELECT (SELECT number FROM publication_head) AS publication,
       (SELECT count(*) FROM area) || '.' || (SELECT count(*) FROM area_change) || '.'
       || (SELECT revised FROM area_head) || '.' || (SELECT coalesce(sum(revision), 0) FROM indicator) || '.'
       || (SELECT coalesce(sum(revision), 0) FROM indicator_version) AS registers

-- name: list_published
-- As text: decimals cost more to read than the rest.
SELECT kind, code, source, area, period, theme, level, version, publication,
       respondents, n, total::text, low_n, high_n, numerator, denominator, detailed_n, histogram
FROM published WHERE (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0) AND %s
ORDER BY kind, code, source, period, area LIMIT $1

-- name: list_shown
-- As list_published, of what is shown.
SELECT kind, code, source, area, period, theme, level, publication, shown
FROM published WHERE (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0) AND %s
ORDER BY kind, code, source, period, area LIMIT $1

-- name: shown_by_municipality
-- Fast path, for the benchmark rows `the map of a year` and `the map of a year in a later division`: one row, one plan.
-- Area by area and line by line: five hundred rows cost more to read than all the rest. With the sums of some areas, of
-- the same moment; $4 has them as one text: of an array every element is looked at on its way. Each value is a SELECT, so
-- that the planner cannot look at it: it plans once, where planning anew for each indicator and period takes a third of
-- the time. `municipalities` says the same, a row for each.
SELECT string_agg(area, ' ') AS areas, string_agg(shown, E'\n') AS shown, max(publication) AS newest,
       bool_or(shown IS NULL) AS lacking,
       json_agg(json_build_array(area, respondents, n, total::text, low_n, high_n, numerator, denominator,
                                 detailed_n, histogram)) FILTER (WHERE area IN (SELECT unnest(string_to_array($4, ' ')))) AS parts
FROM published
WHERE kind = 'indicator' AND code = (SELECT $1::text) AND source = (SELECT $2::text)
  AND period = (SELECT $3::text) AND level = 'municipality'
  AND (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0)

-- name: municipalities
-- As text: see list_published. Most have no classes.
SELECT area, respondents, n, total::text, low_n, high_n, numerator, denominator, detailed_n, nullif(histogram, '{}'),
       publication
FROM published
WHERE kind = 'indicator' AND code = $1 AND source = $2 AND period = $3 AND level = 'municipality'
  AND (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0)

-- name: of_theme
-- No index has the theme; it has the codes. A figure of a theme has the theme as its code.
theme = %(theme)s AND code = ANY(ARRAY(SELECT code FROM indicator WHERE theme = %(theme)s) || %(theme)s)

-- name: of_periods
-- Every figure counts in the province too, where the periods are soon told. Then the primary key is searched by them.
period = ANY(ARRAY(SELECT DISTINCT period FROM published WHERE level = 'province' AND %s))

-- name: list_periods
-- A loose index scan: one probe for each period of an indicator and source, not one for each area.
WITH RECURSIVE found AS (
    (SELECT period FROM published WHERE kind = $1 AND code = $2 AND source = $3 ORDER BY period LIMIT 1)
    UNION ALL
    SELECT (SELECT period FROM published WHERE kind = $1 AND code = $2 AND source = $3 AND period > found.period
            ORDER BY period LIMIT 1)
    FROM found WHERE found.period IS NOT NULL
)
SELECT period FROM found WHERE period IS NOT NULL

-- name: first_indicator
SELECT code FROM published WHERE kind = 'indicator' ORDER BY kind, code LIMIT 1

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

-- name: public_sums
SELECT area, period, respondents, n, total, low_n, high_n, numerator, denominator, detailed_n, histogram
FROM published
WHERE kind = 'indicator' AND code = $1 AND source = $2 AND area = ANY($3::text[])
  AND (period = ANY($4::text[]) OR (length(period) = 4 AND period <= $5))
