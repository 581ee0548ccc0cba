Named queries of the pages; pages/store.py is their only caller.

-- name: first_indicator
SELECT code FROM published WHERE kind = 'indicator' ORDER BY kind, code LIMIT 1

-- name: imports
SELECT id, sha256, rows, refused, replaced, at, event FROM observation_import ORDER BY at DESC, id LIMIT $1
