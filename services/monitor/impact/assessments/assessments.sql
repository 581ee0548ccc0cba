Named queries of assessments and their evidence; store.py is their only caller.

-- name: insert_assessment
INSERT INTO assessment (id, level, question, initiative, version, statement, verdict, reason, assessed_by, assessed_on,
                        recorded_at)
SELECT $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5, $6, $7, $8, $9, $10 FROM assessment
WHERE level = $2 AND question = $3 AND initiative IS NOT DISTINCT FROM $4

-- name: insert_assessment_evidence
INSERT INTO assessment_evidence (assessment, number, kind, ref, area, period, note)
SELECT $1, n, kind, ref, area, period, note
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
     AS row (kind, ref, area, period, note, n)

-- name: lock_assessments
-- One version after the other.
SELECT pg_advisory_xact_lock(hashtextextended('monitor assessments', 0))

-- name: assessments
SELECT id, level, question, initiative, version, statement, verdict, reason, assessed_by, assessed_on,
       version = max(version) OVER (PARTITION BY level, question, initiative) AS latest
FROM assessment
WHERE ($1::text IS NULL OR level = $1) AND ($2::text IS NULL OR question = $2)
  AND ($3::text IS NULL OR initiative = $3)
ORDER BY level, question, initiative NULLS FIRST, version DESC

-- name: assessment
SELECT id, level, question, initiative, statement, verdict, reason, assessed_by, assessed_on FROM assessment
WHERE id = $1

-- name: evidence_of
SELECT assessment, kind, ref, area, period, note FROM assessment_evidence
WHERE assessment = ANY($1::text[]) ORDER BY assessment, number

-- name: unknown_evidence
-- The first that is not there, with its place from 1. Documents are not ours to know.
SELECT asked.n, asked.kind, asked.ref, area.code IS NULL AND asked.area IS NOT NULL AS no_area, asked.area
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (kind, ref, area, n)
LEFT JOIN area ON area.code = asked.area
WHERE area.code IS NULL AND asked.area IS NOT NULL OR NOT CASE asked.kind
    WHEN 'goal' THEN EXISTS (SELECT FROM goal WHERE id = asked.ref)
    WHEN 'outcome' THEN EXISTS (SELECT FROM initiative_outcome WHERE id = asked.ref)
    WHEN 'lesson' THEN EXISTS (SELECT FROM initiative_lesson WHERE id = asked.ref)
    WHEN 'costs' THEN EXISTS (SELECT FROM initiative WHERE id = asked.ref)
    WHEN 'document' THEN true
    ELSE EXISTS (SELECT FROM indicator WHERE code = asked.ref AND withdrawn_at IS NULL)
END ORDER BY asked.n LIMIT 1
