-- A dead letter that can be folded once something else is there: any number of these halts nothing.
ALTER TABLE dead_letter ADD COLUMN awaits boolean NOT NULL DEFAULT false;
