Public reads; reading.py is their only caller.

-- name: list_published
SELECT * FROM published
WHERE respondents > 0
  AND ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR code = $2) AND ($3::text IS NULL OR theme = $3)
  AND ($4::text IS NULL OR level = $4) AND ($5::text IS NULL OR area = $5) AND ($6::text IS NULL OR period = $6)
  AND ($7::text IS NULL OR source = $7)
  AND ($8::text IS NULL OR (kind, code, area, period, source) > ($8, $9, $10, $11, $12))
ORDER BY kind, code, area, period, source LIMIT $13

-- name: published_months
SELECT DISTINCT period FROM published
WHERE source = 'dialogue' AND respondents > 0 AND period ~ '^[0-9]{4}-[0-9]{2}$' ORDER BY period DESC
