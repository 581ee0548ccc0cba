-- A file is read however often it is offered: what it says may be a correction by now, and what was refused right.
DROP INDEX observation_upload_accepted;
ALTER TABLE observation_upload
    ADD COLUMN encoding text,  -- of a file of text
    ADD COLUMN errors_kept bigint NOT NULL DEFAULT 0;  -- of its errors, the first, until they are old
UPDATE observation_upload SET errors_kept = errors;
