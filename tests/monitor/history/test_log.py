"""The log of moves gives every public figure at every publication, and what lies between."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from services.monitor.figure import record
from services.monitor.figure.periods import around
from services.monitor.figure.public import NOTHING_PUBLIC, PublicTally
from services.monitor.figure.tally import of_scores
from services.monitor.history import domain, log
from services.monitor.history.domain import BEGINNING, CellKey, Selection
from services.monitor.history.frame import Frame, FrozenArea, FrozenParent, scope_of
from services.monitor.publication import handlers
from services.monitor.publication.domain import Thresholds, Unit
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection

from ..figure.tallies import scores
from .histories import START, THEMES, History, Line, folded, histories, publish, put, put_lines, state

hypothesis = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
D1 = Line(1, None, "verbondenheid", "dialogue", "GM0794", "2026-11", scores(0, 2, 5, 8, 5))
D2 = Line(1, 2, "buurthulp", "dialogue", "GM0772", "2026-02", scores(9, 0, 0, 0, 3), ended_by=("withdrawal",))


@asynccontextmanager
async def undone(connection: Connection) -> AsyncIterator[None]:
    """What happens inside did not happen."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def at(connection: Connection, publication: int) -> dict[CellKey, PublicTally]:
    async with connection.transaction():
        return {cell: tally async for page in log.state_at(connection, publication) for cell, tally in page}


async def live(connection: Connection) -> dict[CellKey, PublicTally]:
    rows = await connection.fetch(
        "SELECT * FROM published WHERE respondents > 0 ORDER BY "
        'kind COLLATE "C", code COLLATE "C", source COLLATE "C", area COLLATE "C", period COLLATE "C"'
    )
    return {
        CellKey(row["kind"], row["code"], row["source"], row["area"], row["period"]): record.public_tally_of(row)
        for row in rows
    }


@hypothesis
@given(past=histories())
async def test_every_state_is_the_fold_of_its_lines_in_order_and_the_last_is_what_is_live(
    monitor: Connection, past: History
) -> None:
    async with undone(monitor):
        await put(monitor, past)
        for publication in range(past.publications + 1):
            found = await at(monitor, publication)
            assert list(found.items()) == list(state(past, publication).items())
        assert list((await at(monitor, await log.newest(monitor))).items()) == list((await live(monitor)).items())


@hypothesis
@given(past=histories())
async def test_the_changes_between_two_publications_are_what_is_between_their_states(
    monitor: Connection, past: History
) -> None:
    async with undone(monitor):
        await put(monitor, past)
        frame = await log.present_frame(monitor)
        for since in range(past.publications):
            before, after = state(past, since), state(past, past.publications)
            found = {
                cell: change
                async for page in log.changes(monitor, since, past.publications, frame)
                for cell, change in page
            }
            wanted = {
                cell: after.get(cell, NOTHING_PUBLIC) + -before.get(cell, NOTHING_PUBLIC)
                for cell in before.keys() | after.keys()
            }
            assert found == {cell: change for cell, change in wanted.items() if change}


@hypothesis
@given(past=histories())
async def test_one_figure_is_the_same_as_in_the_whole_state(monitor: Connection, past: History) -> None:
    async with undone(monitor):
        await put(monitor, past)
        frame = await log.present_frame(monitor)
        for cell, tally in list(state(past, past.publications).items())[:40]:
            assert await log.figure_at(monitor, scope_of(cell, frame), past.publications) == tally


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_really_published_is_found_again_at_every_publication(monitor: Connection, seed: int) -> None:
    """By the way that dialogues take: packets formed and dissolved, the live figures moved step by step."""
    dice = random.Random(seed)
    seen = {0: await live(monitor)}
    for number in range(25):
        came = Unit(
            f"dialogue/{number}",
            0,
            dice.choice(sorted(THEMES)),
            SourceKind.DIALOGUE,
            dice.choice(["GM0794", "GM0772", "GM0828"]),
            f"2026-{dice.randint(1, 12):02}",
            of_scores((dice.randrange(5), dice.randrange(5), dice.randrange(5), dice.randrange(5), 1)),
            f"event-{number}",
        )
        gone = [(f"dialogue/{dice.randrange(number)}", f"gone-{number}")] if number and dice.random() < 0.3 else []
        async with monitor.transaction():
            published = await handlers.release(monitor, [came], gone, "dialogue", START, Thresholds(10))
        if published is not None:
            seen[published.number] = await live(monitor)
    assert len(seen) > 5
    for number, figures in seen.items():
        assert list((await at(monitor, number)).items()) == list(figures.items())


async def test_the_log_of_moves_says_the_same_as_the_public_lines(monitor: Connection) -> None:
    await put(monitor, History(2, (D1, D2, Line(2, None, "gezond", "survey", "PV30", "2026", D1.tally, imported="i"))))
    standing = await monitor.fetch("SELECT indicator, n FROM public_line WHERE dissolved IS NULL ORDER BY 1")
    summed = await monitor.fetch(
        "SELECT indicator, sum(sign * n)::bigint AS n FROM public_move GROUP BY 1 HAVING sum(sign * n) <> 0 ORDER BY 1"
    )
    assert [tuple(row) for row in standing] == [tuple(row) for row in summed]


@hypothesis
@given(past=histories())
async def test_every_line_comes_and_goes_once_by_the_events_it_names(monitor: Connection, past: History) -> None:
    async with undone(monitor):
        await put(monitor, past)
        found = [(one.place.publication, one.sign, one.events) for one in await log.moves(monitor, BEGINNING, 9, 99)]
        came = [(line.published, 1, line.events) for line in past.lines]
        went = [(line.dissolved, -1, line.ended_by) for line in past.lines if line.dissolved is not None]
        assert sorted(found) == sorted([*came, *went])


async def test_a_selection_leaves_out_the_rest_and_goes_on_where_it_was(monitor: Connection) -> None:
    await put(monitor, History(2, (D1, D2)))
    frame = await log.present_frame(monitor)
    everything = folded([D1, D2])

    async def found(selection: Selection, past: CellKey | None = None, limit: int | None = None) -> list[CellKey]:
        async with monitor.transaction():
            pages = log.changes(monitor, 0, 1, frame, selection, past, limit)
            return [cell async for page in pages for cell, _ in page]

    assert await found(Selection()) == list(everything)
    for field in CellKey._fields:
        for value in {getattr(cell, field) for cell in everything}:
            wanted = [cell for cell in everything if getattr(cell, field) == value]
            assert await found(Selection(**{field: value})) == wanted, (field, value)
    first = await found(Selection(), None, 7)
    assert first + await found(Selection(), first[-1]) == list(everything)


async def test_renaming_and_moving_areas_changes_nothing_in_a_frame_taken_before(monitor: Connection) -> None:
    await put(monitor, History(2, (D1, D2)))
    frame = await log.present_frame(monitor)
    await monitor.execute("UPDATE area SET name = 'Elders', parent = 'noordoost-brabant' WHERE code = 'GM0794'")
    async with monitor.transaction():
        cells = {cell: tally async for page in log.state_at(monitor, 1, frame) for cell, tally in page}
    assert cells == folded([D1, D2])
    assert await at(monitor, 1) != cells, "negative control: the frame of now gives something else"


async def test_each_publication_notes_how_far_the_log_was_read_when_it_committed(monitor: Connection) -> None:
    await monitor.execute("INSERT INTO watermark VALUES ('figures', 'community.findings', 0, 5), ('other', 'x', 0, 9)")
    async with monitor.transaction():
        await publish(monitor, 1, 1)
        await put_lines(monitor, [D1])
        await monitor.execute("UPDATE watermark SET next_offset = 12 WHERE projection = 'figures'")
    noted = await monitor.fetchval("SELECT watermarks::text FROM publication_position WHERE number = 1")
    assert noted == '[{"topic": "community.findings", "partition": 0, "nextOffset": 12}]'


def test_the_periods_within_are_those_around_the_other_way_round() -> None:
    ends = ["", *(f"-Q{quarter}" for quarter in range(1, 5)), *(f"-{month:02}" for month in range(1, 13))]
    every = [f"{year}{end}" for year in (2025, 2026) for end in ends]
    for period in every:
        assert sorted(domain.periods_within(period)) == sorted(one for one in every if period in around(one))


def test_an_area_lies_in_itself_and_in_all_above_it() -> None:
    def area(code: str, parent: str | None) -> FrozenArea:
        return FrozenArea(code, code, "region", parent, date(2016, 1, 1), None)

    frame = Frame((area("a", None), area("b", "a"), area("c", "b")), ())
    assert frame.within("a", 2020) == ["a", "b", "c"]
    assert frame.within("b", 2020) == ["b", "c"]


def test_an_area_lies_in_another_from_a_year_on() -> None:
    def area(code: str, parent: str | None, *before: FrozenParent) -> FrozenArea:
        return FrozenArea(code, code, "region", parent, date(2016, 1, 1), None, before)

    moves = (FrozenParent(date(2018, 1, 1), "x"), FrozenParent(date(2020, 1, 1), "y"))
    frame = Frame((area("p", None), *(area(code, "p") for code in "xyz"), area("m", "z", *moves), area("w", "m")), ())
    for year, above in ((2016, "x"), (2017, "x"), (2018, "y"), (2019, "y"), (2020, "z"), (2199, "z")):
        for code in "xyz":
            assert ("w" in frame.within(code, year)) is (code == above)
        assert {outer for inner, outer, since, until in frame.around() if inner == "w" and since <= year <= until} == {
            "w", "m", above, "p"
        }  # fmt: skip
