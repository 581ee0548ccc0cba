-- What each process of the service says of itself, every few seconds: see docs/decisions/0026-health.md. Not worth a
-- flush to disk: after a crash of Postgres the next beat is there in seconds.
CREATE UNLOGGED TABLE process_health (
    process    text NOT NULL,
    instance   text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    beat_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    problems   text[] NOT NULL DEFAULT '{}',
    -- How it ended, `stopped` when it was told to: null while it runs, and of one that could not say.
    ended      text,
    PRIMARY KEY (process, instance)
);
