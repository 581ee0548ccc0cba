"""The activity in Postgres: the only caller of activity.sql."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from shared.contracts.catalogue import Concerns
from shared.database import Connection, OrderedLog, Record, queries
from shared.projections.decoding import Delivered

from .domain import ActivityFilter

LOG = OrderedLog("activity", "activity_head", "activity", "event_id")

_Q = queries(Path(__file__).with_name("activity.sql"))
_END = 2**63 - 1


async def insert(connection: Connection, positions: Sequence[int], news: Sequence[tuple[Delivered, Concerns]]) -> None:
    """Store activities, each at its position."""
    await connection.execute(
        _Q.insert_activities,
        list(positions),
        [event.source for event, _ in news],
        [event.id for event, _ in news],
        [event.type for event, _ in news],
        [event.time for event, _ in news],
        [event.data.subject for event, _ in news],
        [concerns.initiative for _, concerns in news],
        [_json(concerns.areas) for _, concerns in news],
        [_json(concerns.themes) for _, concerns in news],
        [_json(concerns.organisations) for _, concerns in news],
        [msgspec.json.encode(event.data) for event, _ in news],
    )


async def activities_before(
    connection: Connection, wanted: ActivityFilter, before: int | None, limit: int
) -> Sequence[Record]:
    """The activities asked for, newest first, older than `before`."""
    return await connection.fetch(_Q.activities_before, _END if before is None else before, limit, *_parts(wanted))


async def activities_after(connection: Connection, wanted: ActivityFilter, after: int, limit: int) -> Sequence[Record]:
    """The activities asked for, oldest first, past `after`."""
    return await connection.fetch(_Q.activities_after, after, limit, *_parts(wanted))


def _parts(wanted: ActivityFilter) -> tuple[str | None, ...]:
    return wanted.initiative, wanted.municipality, wanted.theme, wanted.organisation, wanted.type


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
