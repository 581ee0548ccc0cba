-- An outcome says whether it counts people: of fewer than the threshold none is recorded, see
-- docs/decisions/0023-disclosure.md. Those from before did not say: they are recorded again.
DELETE FROM initiative_outcome;
ALTER TABLE initiative_outcome ADD COLUMN counts text NOT NULL;
