Named queries of the pages; pages/store.py is their only caller.

-- name: first_indicator
SELECT code FROM published WHERE kind = 'indicator' ORDER BY kind, code LIMIT 1
