"""What neighbours may ask of goals: how each is judged on a day, and where the programme works."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection, Record
from shared.outbox.cause import Cause

from ...areas import register as areas
from . import facts, store
from .domain import Goal, Judgement, judgement_of
from .programme import Programme


def today() -> date:
    """The calendar day in the Netherlands."""
    return Cause(datetime.now(UTC), "", "").today


async def goals(connection: Connection, ids: Collection[str]) -> dict[str, Goal]:
    """Those of these goals that are there, by id."""
    return {goal.id: goal for goal, _ in await store.goals(connection, ids)}


async def judged(connection: Connection, on: date, ids: Collection[str] | None = None) -> list[tuple[Goal, Judgement]]:
    """Goals with the verdict of a day. What stands in the database may be older: it is what was told."""
    found = await store.goals(connection, ids)
    known = await programme(connection)
    return [
        (goal, judgement_of(goal, await facts.facts_of(connection, goal, measure, known, on), on))
        for goal, measure in found
    ]


async def programme(connection: Connection) -> Programme:
    """Which municipalities there were, and where the programme works."""
    return Programme(
        {area.code: area for area in await areas.areas(connection, AreaLevel.MUNICIPALITY)},
        await areas.crosswalk(connection),
        await store.programme_codes(connection),
        await store.initiative_places(connection),
    )


async def programme_areas(connection: Connection) -> Sequence[Record]:
    """The towns and regions the programme works in, with their names and from when until when."""
    return await store.list_programme_areas(connection)
