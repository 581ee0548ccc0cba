"""Answers about areas and their changes."""

from datetime import date

from shared.contracts.monitor import AreaRegistered, AreasReorganised
from shared.contracts.revision import Withdrawn, state_of
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.http.bodies import VersionsView, VersionView, View

from . import store


class AreaView(View):
    """An area; `validUntil` is the first day it no longer existed."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class RevisedAreaView(AreaView):
    """The same with its version. Nothing names one that is withdrawn; it is in no list."""

    version: int
    withdrawn: bool


class AreaChangeView(View):
    """A line of the dated crosswalk."""

    id: str
    changed_on: date
    kind: str
    predecessors: list[str]
    successors: list[str]


class RevisedAreaChangeView(AreaChangeView):
    """The same with its version. One that is withdrawn never was; it is in no list."""

    version: int
    withdrawn: bool


async def read_area(connection: Connection, code: str) -> RevisedAreaView:
    """An area as it is since its last change. Raises NotFound."""
    last = (await store.require_said_of_area(connection, code))[-1]
    state = state_of(last.event)
    if not isinstance(state, AreaRegistered):
        raise AssertionError("the history of an area")
    return RevisedAreaView(
        code=state.code,
        name=state.name,
        level=state.level,
        parent=state.parent,
        valid_from=state.valid_from,
        valid_until=state.valid_until,
        version=last.version,
        withdrawn=isinstance(last.event, Withdrawn),
    )


async def read_area_change(connection: Connection, change: str) -> RevisedAreaChangeView:
    """A line of the crosswalk. Raises NotFound."""
    last = (await store.require_said_of_change(connection, change))[-1]
    state = state_of(last.event)
    if not isinstance(state, AreasReorganised):
        raise AssertionError("the history of a line of the crosswalk")
    return RevisedAreaChangeView(
        id=state.change,
        changed_on=state.on,
        kind=state.change_kind,
        predecessors=[*state.predecessors],
        successors=[*state.successors],
        version=last.version,
        withdrawn=isinstance(last.event, Withdrawn),
    )


async def read_versions_of_area(connection: Connection, code: str) -> VersionsView:
    """Every version of an area. Raises NotFound."""
    return VersionsView(items=[VersionView.of(said) for said in await store.require_said_of_area(connection, code)])


async def read_versions_of_change(connection: Connection, change: str) -> VersionsView:
    """Every version of a line of the crosswalk. Raises NotFound."""
    said = await store.require_said_of_change(connection, change)
    return VersionsView(items=[VersionView.of(one) for one in said])
