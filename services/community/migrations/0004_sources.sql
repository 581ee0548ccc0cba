-- An event is an activity once: its source and id say which event it is. By this a rebuild finds its position again.
ALTER TABLE activity ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE activity ALTER COLUMN source DROP DEFAULT;
CREATE UNIQUE INDEX activity_of_event ON activity (event_id, source);
