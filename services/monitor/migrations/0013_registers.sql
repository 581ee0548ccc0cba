-- What was said of each stands in the outbox; here is how it is now. What is withdrawn keeps its row, for what named it.
ALTER TABLE indicator ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE indicator_version ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE method ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE learning_key ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE baseline_fact ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN withdrawn_at timestamptz;
