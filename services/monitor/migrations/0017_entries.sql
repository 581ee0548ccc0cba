-- What stands behind the sums of what initiatives spent: each event once, whatever else fails. From before there is none:
-- see shared/database/migrations/0008_slots.sql.
CREATE TABLE initiative_entry (
    source   text NOT NULL,
    event_id text NOT NULL,
    PRIMARY KEY (source, event_id)
);
