"""What neighbours may ask of goals: how each is judged on a day, and where the programme works."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

import structlog

from shared.contracts.vocabulary import AreaLevel
from shared.database import TRANSIENT, Connection, Record
from shared.outbox.cause import Cause

from ...areas import register as areas
from ...figure.quantity import Quantity
from . import facts, store
from .domain import NOT_JUDGED, Goal, Judgement, judgement_of, not_there
from .programme import Programme

_log = structlog.get_logger(__name__)


def today() -> date:
    """The calendar day in the Netherlands."""
    return Cause(datetime.now(UTC), "", "").today


async def require_initiative(connection: Connection, initiative: str | None) -> None:
    """Refuse an initiative of a command that was not registered, as far as we have heard."""
    if initiative is not None and not await store.knows_initiative(connection, initiative):
        raise not_there("initiative", initiative, "#/initiative")


async def goals(connection: Connection, ids: Collection[str]) -> dict[str, Goal]:
    """Those of these goals that are there, by id."""
    return {goal.id: goal for goal, _ in await store.goals(connection, ids)}


async def judged(connection: Connection, on: date, ids: Collection[str] | None = None) -> list[tuple[Goal, Judgement]]:
    """Goals with the verdict of a day. What stands in the database may be older: it is what was told.

    One that cannot be judged is unknown, and says so: the others are read. For use in a transaction.
    """
    found = await store.goals(connection, ids)
    known = await programme(connection)
    return [(goal, await _judged(connection, goal, quantity, known, on)) for goal, quantity in found]


async def judge(connection: Connection, goal: Goal, quantity: Quantity, known: Programme, on: date) -> Judgement:
    """The verdict on one goal. Raises whatever goes wrong."""
    return judgement_of(goal, await facts.facts_of(connection, goal, quantity, known, on), on)


async def _judged(connection: Connection, goal: Goal, quantity: Quantity, known: Programme, on: date) -> Judgement:
    try:
        # What Postgres refuses must not end the reader's transaction.
        async with connection.transaction():
            return await judge(connection, goal, quantity, known, on)
    except TRANSIENT:
        raise
    except Exception:  # noqa: BLE001  whatever it is: the other goals are read
        _log.error("a goal cannot be judged", goal=goal.id, exc_info=True)
        return NOT_JUDGED


async def programme(connection: Connection) -> Programme:
    """Which municipalities there were, and where the programme works."""
    return Programme(
        {area.code: area for area in await areas.areas(connection, AreaLevel.MUNICIPALITY)},
        await areas.crosswalk(connection),
        await store.programme_codes(connection),
        await store.initiative_places(connection),
    )


async def count_unjudged(connection: Connection) -> int:
    """How many goals could not be judged when it was last tried."""
    return await store.count_unjudged(connection)


async def programme_areas(connection: Connection) -> Sequence[Record]:
    """The towns and regions the programme works in, with their names and from when until when."""
    return await store.list_programme_areas(connection)
