"""A command on areas is held to what its readers assume, and two at once to each other."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from services.monitor.areas.domain import Area, AreaChange, KnownAreas
from services.monitor.areas.handlers import register_area, reorganise_areas
from services.monitor.areas.rules import check_area, check_change
from shared.contracts.monitor import AreaRegistered, AreasReorganised
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.database import Connection, Pool
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Refused

from .brabant import line, read
from .registers import area, known

BEFORE, DAY, AFTER = date(2016, 1, 1), date(2024, 1, 1), date(2025, 1, 1)
ON = str(DAY)
AREAS = (
    *(area(code, until=DAY) for code in ("a", "b", "c")),
    area("ended-before", until=DAY - timedelta(days=1)),
    area("goes-on"),
    area("ends-later", until=AFTER),
    area("new", DAY),
    area("new-too", DAY),
    area("w", until=DAY, parent="a", level="neighbourhood"),
)

REFUSED = [
    (line(ON, "merger", "a w", "new"), "no-municipality", "#/predecessors/1"),
    (line(ON, "merger", "p1 a", "new"), "no-municipality", "#/predecessors/0"),
    (line(ON, "merger", "a b", "r1"), "no-municipality", "#/successors/0"),
    (line(ON, "merger", "a a", "new"), "area-twice", "#/predecessors/1"),
    (line(ON, "division", "a", "new new"), "area-twice", "#/successors/1"),
    (line(ON, "merger", "a", "a"), "area-twice", "#/successors/0"),
    (line(ON, "merger", "a goes-on", "goes-on"), "area-twice", "#/successors/0"),
    (line(ON, "merger", "a nothing", "new"), "unknown-area", "#/predecessors/1"),
    (line(ON, "division", "a", "new nothing"), "unknown-area", "#/successors/1"),
    (line(ON, "merger", "a goes-on", "new"), "area-goes-on", "#/predecessors/1"),
    (line(ON, "merger", "ends-later a", "new"), "area-goes-on", "#/predecessors/0"),
    (line(ON, "merger", "a ended-before", "new"), "not-there", "#/predecessors/1"),
    (line(str(AFTER), "merger", "a ends-later", "goes-on"), "not-there", "#/predecessors/0"),
    (line("1900-01-01", "merger", "a b", "goes-on"), "area-goes-on", "#/predecessors/0"),
    (line(ON, "merger", "a b", "ended-before"), "not-there", "#/successors/0"),
    (line(ON, "merger", "a b", "new goes-on"), "one-successor", "#/successors/1"),
    (line(ON, "merger", "a", "new"), "too-few-predecessors", "#/predecessors"),
    (line(ON, "division", "a b", "new new-too"), "one-predecessor", "#/predecessors/1"),
    (line(ON, "division", "a", "new"), "too-few-successors", "#/successors"),
]


@pytest.mark.parametrize(("change", "code", "pointer"), REFUSED)
def test_what_is_no_merger_or_division_is_refused(change: AreaChange, code: str, pointer: str) -> None:
    with pytest.raises(Refused) as refused:
        check_change(change, known(AREAS))
    assert (refused.value.code, refused.value.pointer) == (code, pointer)
    assert refused.value.detail.endswith("."), "a Dutch sentence"


@pytest.mark.parametrize(
    "change",
    [
        line(ON, "merger", "a b", "new"),
        line(ON, "merger", "a", "goes-on"),
        line(ON, "merger", "a b c", "ends-later"),
        line(ON, "division", "a", "new goes-on"),
        line(ON, "division", "a", "new new-too ends-later"),
    ],
)
def test_a_merger_or_division_is_taken_once(change: AreaChange) -> None:
    check_change(change, known(AREAS))
    with pytest.raises(Conflict) as refused:
        check_change(change, known(AREAS, [change]))
    assert (refused.value.code, refused.value.pointer) == ("already-changed", "#/predecessors/0")


def test_one_may_join_what_others_become_on_that_day() -> None:
    check_change(line(ON, "merger", "b", "new"), known(AREAS, [line(ON, "division", "a", "new goes-on")]))


def test_all_of_the_programme_is_taken() -> None:
    areas, changes = read()
    there: dict[str, Area] = {}
    for one in areas:
        check_area(one, KnownAreas(there, {}))
        there[one.code] = one
    told: dict[str, AreaChange] = {}
    for number, change in enumerate(changes):
        check_change(change, KnownAreas(there, told))
        told[str(number)] = change


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        (area("x", parent="p1"), "#/parent"),
        (area("x", parent=None), "#/parent"),
        (area("x", parent="nothing"), "#/parent"),
        (area("x", parent="nothing", level="province"), "#/parent"),
        (area("x", DAY, DAY), "#/validUntil"),
        (area("x", parent="new", level="neighbourhood"), "#/validFrom"),
        (area("x", parent="a", level="neighbourhood"), "#/validUntil"),
        (area("x", until=AFTER, parent="a", level="neighbourhood"), "#/validUntil"),
    ],
)
def test_an_area_lies_in_one_that_is_there_as_long(asked: Area, pointer: str) -> None:
    with pytest.raises(Refused) as refused:
        check_area(asked, known(AREAS))
    assert refused.value.pointer == pointer


@pytest.fixture
def cause() -> Cause:
    return Cause.of_job("test_changes", datetime(2026, 1, 1, tzinfo=UTC))


async def _registered(connection: Connection, areas: Sequence[Area], cause: Cause) -> None:
    for one in areas:
        event = AreaRegistered(
            code=one.code,
            name=one.name,
            level=one.level,
            parent=one.parent,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )
        assert await register_area(connection, event, cause)
        assert not await register_area(connection, event, cause), "the same again changes nothing"


def _merger(id_: str, into: str) -> AreasReorganised:
    return AreasReorganised(
        change=id_, on=DAY, change_kind=AreaChangeKind.MERGER, predecessors=("a", "b"), successors=(into,)
    )


async def test_of_two_mergers_at_once_of_the_same_towns_one_is_taken(monitor_pool: Pool, cause: Cause) -> None:
    async with monitor_pool.acquire() as connection:
        above = [one for one in known([]).areas.values() if one.level is not AreaLevel.MUNICIPALITY]
        await _registered(connection, [*above, *AREAS], cause)

    async def reorganised(change: AreasReorganised) -> object:
        async with monitor_pool.acquire() as connection, connection.transaction():
            return await reorganise_areas(connection, change, cause)

    asked = [_merger("one", "new"), _merger("other", "goes-on"), _merger("again", "new")]
    answers = await asyncio.gather(*map(reorganised, asked), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "bool"]
    taken = asked[answers.index(True)]
    assert await reorganised(taken) is False
