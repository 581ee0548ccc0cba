-- A published figure as it is shown, so that hundreds are read at once; null where it has not moved since this was kept:
-- then it is made from the sums.
ALTER TABLE published ADD COLUMN shown text;
