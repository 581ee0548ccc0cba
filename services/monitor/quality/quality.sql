Named queries of quality findings; store.py is their only caller.

-- name: put_finding
-- Told again only when it says something else.
INSERT INTO quality_finding (id, kind, explanation, indicator, area, period, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE
SET kind = excluded.kind, explanation = excluded.explanation, indicator = excluded.indicator, area = excluded.area,
    period = excluded.period, told_at = excluded.told_at
WHERE (quality_finding.kind, quality_finding.explanation, quality_finding.indicator, quality_finding.area,
       quality_finding.period)
      IS DISTINCT FROM (excluded.kind, excluded.explanation, excluded.indicator, excluded.area, excluded.period)
RETURNING true

-- name: findings
SELECT id, kind, explanation, indicator, area, period, told_at FROM quality_finding
WHERE ($1::text IS NULL OR indicator = $1) AND ($2::text IS NULL OR area = $2) AND ($3::text IS NULL OR id > $3)
ORDER BY id LIMIT $4
