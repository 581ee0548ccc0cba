"""Every read table as it is in Postgres, in the shape of the recomputation, and how far everything is on its way."""

# ruff: noqa: S608  the queries are put together from names in this file

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from deploy.local import SERVICES
from tests.monitor.impact.outcomes.recomputation import COLUMNS as SPENDING
from tests.public_world import PublicWorld, told
from tests.recomputation import Event, Table, Tables
from tests.recomputed_tables import ReadTables, canonical

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

Row = asyncpg.Record
Owner: TypeAlias = "asyncpg.Connection[Row] | PoolConnectionProxy[Row]"

#: What names a row and what it says, per table: the SQL of both, in the order of the recomputation.
_COLUMNS = {
    "monitor.aggregate": (
        "kind, code, area, period",
        "findings, n, sum, sum_squares, histogram[1] AS h1, histogram[2] AS h2, histogram[3] AS h3, "
        "histogram[4] AS h4, histogram[5] AS h5, respondents",
    ),
    "monitor.contribution": (
        "dialogue, number",
        "scores[1] AS s1, scores[2] AS s2, scores[3] AS s3, scores[4] AS s4, scores[5] AS s5, indicator, theme, area, "
        "period",
    ),
    "monitor.dialogue": ("id", "held_on::text, withdrawn, area, event, findings::text"),
    "community.name": ("kind, id", "name"),
    "community.newsletter_trigger": (
        "id",
        "1 AS times, reason, cause, about, withdrawn_at IS NOT NULL AS withdrawn",
    ),
    "feeds.source": ("source", "events, highest, contiguous"),
    **{
        f"{service}.directory": ("kind, id", "name, parent, valid_from::text, valid_until::text, withdrawn")
        for service in ("initiatives", "community", "finance")
    },
}


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


async def said(owner: Owner, services: Sequence[str] = SERVICES) -> ReadTables:
    """What all outboxes hold."""
    events: list[Event] = []
    for service in services:
        rows = await owner.fetch(
            f"""SELECT id::text, outbox.stream, topic, key, type, subject, sequence, data,
                       causation_id
                FROM {service}.outbox LEFT JOIN {service}.numbered USING (position) ORDER BY position"""
        )
        events += [
            Event(service, row[0], row[1], row[2], row[3], row[4], row[5], row[6], json.loads(row[7]), row[8])
            for row in rows
        ]
    return ReadTables(events)


async def tables(owner: Owner, said: ReadTables) -> Tables:
    """All read tables. Rows that may stand twice are counted in the first value."""
    found: Tables = {}
    for name, (keys, values) in (_COLUMNS | SPENDING).items():
        rows = await owner.fetch(f"SELECT {keys}, {values} FROM {name}")
        width = len(keys.split(","))
        found[name] = {tuple(row[:width]): tuple(map(_plain, row[width:])) for row in rows}
    found["community.activity"] = _counted(
        await owner.fetch(
            """SELECT event_id, count(*) OVER (PARTITION BY event_id) AS times, type, about, initiative, areas, themes,
               organisations, data FROM community.activity"""
        )
    )
    found["feeds.event"] = _counted(
        await owner.fetch(
            """SELECT id, count(*) OVER (PARTITION BY id) AS times, source, sequence, type, subject,
               convert_from(value, 'UTF8')::json -> 'data' AS data FROM feeds.event"""
        )
    )
    found["monitor figures told"] = said.told()
    verdicts = await owner.fetch("SELECT id, verdict FROM monitor.goal")
    found["monitor goals told"] = said.goals_told({row["id"]: row["verdict"] for row in verdicts})
    found["community triggers told"] = said.triggers_told()
    return found


def _counted(rows: Sequence[Row]) -> Table:
    return {(row[0],): (*map(_plain, row[1:-1]), canonical(json.loads(row[-1]))) for row in rows}


async def invariants(owner: Owner) -> list[str]:
    """What must hold whatever was said; one line for each that does not."""
    wrong = []
    for table, head in (("community.activity", "community.activity_head"), ("feeds.event", "feeds.feed_head")):
        ((rows, highest, last),) = await owner.fetch(
            f"SELECT count(*), coalesce(max(position), 0), (SELECT last FROM {head}) FROM {table}"
        )
        if not rows == highest == last:
            wrong.append(f"{table}: {rows} rows, positions up to {highest}, head {last}")
    return wrong


async def public(owner: Owner, said: ReadTables) -> tuple[Tables, Tables]:
    """The public figures with the packets behind them, as they must be and as they are."""
    rows = {
        name: [dict(row) for row in await owner.fetch(f"SELECT * FROM monitor.{name}")]
        for name in ("unit", "packet", "observation", "published", "publication", "publication_head")
    }
    (head,) = rows["publication_head"]
    world = PublicWorld(
        rows["unit"],
        rows["packet"],
        rows["observation"],
        rows["published"],
        [row["number"] for row in rows["publication"]],
        head["number"],
        said.parent,
        said.theme,
        said.quantity,
        said.moved,
    )
    contributions = said.contributions()
    return (
        {**world.wanted(contributions), "monitor.published told": world.shown()},
        {**world.found(contributions), "monitor.published told": told(said.moves())},
    )


async def write_side(owner: Owner) -> dict[str, str]:
    """Each dialogue's status as the community service keeps it."""
    return {row["id"]: row["status"] for row in await owner.fetch("SELECT id, status FROM community.dialogue")}


async def unsent(owner: Owner, services: Sequence[str] = SERVICES) -> int:
    """Events that wait to be sent, and goals that wait to be judged, which may make more."""
    counts = " + ".join(f"(SELECT count(*) FROM {service}.unsent)" for service in services)
    if "monitor" in services:
        counts += " + (SELECT count(*) FROM monitor.goal_moved)"
    waiting: int = await owner.fetchval(f"SELECT {counts}")
    return waiting


async def watermarks(owner: Owner, service: str) -> dict[tuple[str, str, int], int]:
    """The next offset of each projection in each partition it has read."""
    rows = await owner.fetch(f"SELECT projection, topic, partition, next_offset FROM {service}.watermark")
    return {(row[0], row[1], row[2]): row[3] for row in rows}


async def dead_letters(owner: Owner) -> list[str]:
    """Each dead letter in one line."""
    lines = []
    for service in SERVICES:
        rows = await owner.fetch(
            f'SELECT projection, topic, partition, "offset", reason FROM {service}.dead_letter ORDER BY id'
        )
        lines += [f"{service}.{row[0]} {row[1]}-{row[2]}@{row[3]}: {row[4]}" for row in rows]
    return lines
