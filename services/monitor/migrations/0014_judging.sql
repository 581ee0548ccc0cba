-- Goals are judged apart from what moves them. A row says that something moved which a goal may be judged by: written in
-- the transaction that moved it, never waited for, and gone with the judgement that has seen it. See
-- docs/decisions/0026-health.md.
CREATE TABLE goal_moved (
    number         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    goal           text NOT NULL,
    correlation_id text NOT NULL,
    causation_id   text,
    traceparent    text NOT NULL,
    moved_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX goal_moved_goal ON goal_moved (goal);

-- Goals that could not be judged when it was last tried, and what kind of error it was.
CREATE TABLE goal_unjudged (
    goal  text PRIMARY KEY,
    since timestamptz NOT NULL,
    error text NOT NULL
);
