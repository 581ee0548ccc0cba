-- What was said of an organisation stands in the outbox; here is how it is now.
ALTER TABLE organisation ADD COLUMN version integer NOT NULL DEFAULT 1, ADD COLUMN withdrawn_at timestamptz;
