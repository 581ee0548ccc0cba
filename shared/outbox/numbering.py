"""How events get their numbers, and which have one and are not sent yet."""

#: Rows become visible when they commit, so "not yet numbered, by position" is commit order per key: a key's rows are
#: appended under its lock. Numbers are stored before anything is sent: a resend carries the same number. The outbox
#: itself is only read.
NUMBER = """
WITH fresh AS (
    DELETE FROM outbox_fresh WHERE ctid = ANY (ARRAY(SELECT ctid FROM outbox_fresh ORDER BY position LIMIT $1))
    RETURNING position
), taken AS (
    SELECT outbox.*, topic <> ALL ($2) AS nowhere,
           EXISTS (SELECT FROM outbox_aside AS a WHERE a.topic = outbox.topic AND a.key = outbox.key) AS behind
    FROM fresh JOIN outbox USING (position)
), aside AS (
    INSERT INTO outbox_aside (position, topic, key, nowhere, reason, found_at)
    SELECT position, topic, key, nowhere, CASE WHEN nowhere THEN 'there is no topic ' || topic
           ELSE 'an earlier event of ' || key || ' is set aside' END, clock_timestamp()
    FROM taken WHERE nowhere OR behind
), counted AS (
    SELECT taken.*,
           coalesce(head.last, 0) + row_number() OVER (PARTITION BY stream ORDER BY position) AS sequence,
           coalesce(slot_head.last, 0) + row_number() OVER (PARTITION BY topic, slot ORDER BY position) AS number
    FROM taken LEFT JOIN outbox_head AS head USING (stream) LEFT JOIN outbox_slot AS slot_head USING (topic, slot)
    WHERE NOT nowhere AND NOT behind
), batch AS (
    INSERT INTO outbox_batch (stream, first, positions, numbers)
    SELECT stream, min(sequence), array_agg(position ORDER BY position), array_agg(number ORDER BY position)
    FROM counted GROUP BY stream
), advanced AS (
    INSERT INTO outbox_head (stream, last) SELECT stream, max(sequence) FROM counted GROUP BY stream
    ON CONFLICT (stream) DO UPDATE SET last = excluded.last
), advanced_slots AS (
    INSERT INTO outbox_slot (topic, slot, last) SELECT topic, slot, max(number) FROM counted GROUP BY topic, slot
    ON CONFLICT (topic, slot) DO UPDATE SET last = excluded.last
)
SELECT id::text AS id, stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data, slot,
       sequence, number, false AS void,
       CASE WHEN (SELECT count(*) FROM fresh) < $1 THEN pg_snapshot_xmin(pg_current_snapshot())::text END AS past
FROM counted ORDER BY position
"""
#: When all that was visible has been taken, what is left was appended by transactions that went on then: by none older
#: than the oldest of those. What was taken need not be passed again. OFFSET 0: by that, whatever is estimated.
NUMBER_RECENT = NUMBER.replace(
    "FROM outbox_fresh ORDER BY",
    "FROM (SELECT ctid, position FROM outbox_fresh WHERE appended_by >= $3::text::xid8 OFFSET 0) AS recent ORDER BY",
)
IS_THERE = """
SELECT EXISTS (SELECT FROM outbox_fresh WHERE appended_by >= $1::text::xid8)
       OR EXISTS (SELECT FROM outbox_head WHERE sent < last)
"""

#: What was numbered and not marked, by an earlier leader: the first of each stream. OFFSET 0: by the keys, whatever is
#: estimated.
LEFT = """
SELECT id::text AS id, outbox.stream, topic, key, type, subject, time, correlation_id, causation_id, traceparent, data,
       slot, batch.first + at.n - 1 AS sequence, at.number, at.position < 0 AS void
FROM outbox_head AS head CROSS JOIN LATERAL (
    SELECT first, positions, numbers FROM outbox_batch WHERE stream = head.stream AND first BETWEEN (
        SELECT max(first) FROM outbox_batch WHERE stream = head.stream AND first <= head.sent + 1)
        AND head.sent + $1 OFFSET 0) AS batch
    CROSS JOIN LATERAL unnest(batch.positions, batch.numbers) WITH ORDINALITY AS at (position, number, n)
    CROSS JOIN LATERAL (SELECT * FROM outbox WHERE position = abs(at.position) OFFSET 0) AS outbox
WHERE head.sent < head.last AND batch.first + at.n - 1 BETWEEN head.sent + 1 AND head.sent + $1
ORDER BY outbox.stream, sequence
"""
