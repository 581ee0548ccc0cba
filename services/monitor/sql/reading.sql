Named queries of the public figures; reading.py is their only caller. `%s` is a list of conditions,
`%(theme)s` the number of a parameter.

-- name: state
-- Registers only grow: their sizes say whether they changed.
SELECT (SELECT number FROM publication_head) AS publication,
       (SELECT count(*) FROM area) || '.' || (SELECT count(*) FROM area_change) || '.'
       || (SELECT count(*) FROM indicator) || '.' || (SELECT count(*) FROM indicator_version) AS registers

-- name: list_published
-- As text: decimals cost more to read than the rest.
SELECT kind, code, source, area, period, theme, level, version, publication,
       respondents, n, total::text, squares::text, spread_n, numerator, denominator, histogram
FROM published WHERE (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0) AND %s
ORDER BY kind, code, source, period, area LIMIT $1

-- name: list_shown
-- As list_published, of what is shown.
SELECT kind, code, source, area, period, theme, level, publication, shown
FROM published WHERE (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0) AND %s
ORDER BY kind, code, source, period, area LIMIT $1

-- name: shown_by_municipality
-- In one row, area by area and line by line: five hundred rows cost more to read than all the rest. With the sums of
-- some areas, of the same moment; $4 has them as one text, see figure_sum. Each value is a SELECT, so that the planner cannot look at it: it plans once, where
-- planning anew for each indicator and period takes a third of the time.
SELECT string_agg(area, ' ') AS areas, string_agg(shown, E'\n') AS shown, max(publication) AS newest,
       bool_or(shown IS NULL) AS lacking,
       json_agg(json_build_array(area, respondents, n, total::text, squares::text, spread_n, numerator, denominator,
                                 histogram)) FILTER (WHERE area IN (SELECT unnest(string_to_array($4, ' ')))) AS parts
FROM published
WHERE kind = 'indicator' AND code = (SELECT $1::text) AND source = (SELECT $2::text)
  AND period = (SELECT $3::text) AND level = 'municipality'
  AND (respondents <> 0 OR n <> 0 OR numerator <> 0 OR denominator <> 0)

-- name: municipalities
-- As text: see list_published. Most have no classes.
SELECT area, respondents, n, total::text, squares::text, spread_n, numerator, denominator, nullif(histogram, '{}'),
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

-- name: indicator_versions
SELECT code, version, title, change, valid_from, comparable, reason FROM indicator_version ORDER BY code, version

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
