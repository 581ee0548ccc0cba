Named queries of the lessons; store.py is their only caller.

-- name: insert_lesson
INSERT INTO lesson (id, initiative, title, worked, transferable, drawn_on) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING RETURNING true

-- name: get_lesson
SELECT initiative, title, worked, transferable, drawn_on FROM lesson WHERE id = $1

-- name: lessons_of
SELECT id, title, worked, transferable, drawn_on FROM lesson WHERE initiative = $1 ORDER BY drawn_on, id
