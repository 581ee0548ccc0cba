-- What is withdrawn keeps its name here for what named it before; a new command may not name it.
ALTER TABLE directory ADD COLUMN withdrawn boolean NOT NULL DEFAULT false;
