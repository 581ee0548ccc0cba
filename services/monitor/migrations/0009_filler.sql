-- Postgres puts a row where it fits: shorter figures (counts) would go into what longer ones left free, one to a page, and
-- a map of them be read from as many pages as it has municipalities. Rows of about one length stay together.
ALTER TABLE published ADD COLUMN filler text GENERATED ALWAYS AS (repeat(' ', greatest(0, 200 - length(shown)))) STORED;
