"""The fold of dialogue findings: exact at every level, reversible, and whatever the order."""

import random
from datetime import date

import msgspec
import pytest

from services.monitor.app import projections
from services.monitor.areas import register
from services.monitor.dialogues.domain import ExactCell, ExactFigure, contributions, deltas, place_of
from services.monitor.dialogues.learning_key import learning_keys
from services.monitor.figure.tally import MILLION, Tally
from services.monitor.settings import MonitorSettings
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded, DialogueFindingsWithdrawn
from shared.contracts.vocabulary import AggregateKind, AreaLevel, DialogueTopic, Theme
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests import recomputation
from tests.faults.parts import tables
from tests.recomputation import Difference, compare
from tests.recomputed_tables import ReadTables
from tests.records import NOW, apply_run, cloud_event, findings, run, withdrawal

HERE = Partition(FINDINGS, 0)
FIGURES, *_ = projections(MonitorSettings())
Event = DialogueFindingsRecorded | DialogueFindingsWithdrawn


async def fold(connection: Connection, *events: Event, start: int = 0) -> None:
    await apply_run(connection, FIGURES, HERE, run(*map(cloud_event, events), start=start), NOW)


async def state(connection: Connection) -> dict[ExactCell, ExactFigure]:
    """Every exact cell."""
    return {
        ExactCell(
            AggregateKind(row["kind"]),
            row["code"],
            Theme(row["theme"]),
            AreaLevel(row["level"]),
            row["area"],
            row["period"],
        ): ExactFigure(
            row["findings"],
            Tally(
                row["respondents"],
                row["n"],
                row["sum"] * MILLION,
                row["sum_squares"] * MILLION**2,
                row["n"],
                histogram=tuple(row["histogram"]),
            ),
        )
        for row in await connection.fetch("SELECT * FROM aggregate")
    }


class Moved(msgspec.Struct):
    """What is told of a figure."""

    aggregate: str
    suppressed: bool
    n: int | None
    mean: float | None
    version: int
    publication: int


async def told(connection: Connection) -> list[Moved]:
    """Every figure told, in order."""
    rows = await connection.fetch("SELECT data FROM outbox ORDER BY position")
    return [msgspec.json.decode(row["data"], type=Moved) for row in rows]


async def public(connection: Connection) -> dict[str, int]:
    """The public n of each indicator's cells."""
    rows = await connection.fetch(
        "SELECT code, area, period, n FROM published WHERE kind = 'indicator' AND respondents > 0"
    )
    return {f"{row['code']}.{row['area']}.{row['period']}": row["n"] for row in rows}


async def recomputed(connection: Connection, events: list[Event]) -> dict[ExactCell, ExactFigure]:
    """Independent of the increments: what stands, folded at once."""
    gone = {event.dialogue for event in events if isinstance(event, DialogueFindingsWithdrawn)}
    keys = await learning_keys(connection)
    ancestry = await register.ancestry(
        connection,
        {
            (area, e.held_on.year)
            for area in ("GM0794", "GM0772", "GM0828", "BU07940101")
            for e in events
            if isinstance(e, DialogueFindingsRecorded)
        },
    )
    standing = [
        contribution
        for event in events
        if isinstance(event, DialogueFindingsRecorded) and event.dialogue not in gone
        for contribution in contributions(
            event.dialogue,
            place_of(event.municipality, event.neighbourhood, event.held_on.year, ancestry) or "",
            event.held_on,
            event.findings,
            keys,
        )
    ]
    return deltas(standing, [], ancestry)


async def all_said(connection: Connection, events: list[Event]) -> ReadTables:
    """What an independent reader knows: the registers, the findings, and what the monitor told."""

    def event(topic: str, id_: str, type_: str, data: object) -> recomputation.Event:
        plain = msgspec.json.decode(data if isinstance(data, bytes) else msgspec.json.encode(data))
        return recomputation.Event("monitor", id_, topic, topic, id_, type_, id_, None, plain)

    registers = {
        "area": "SELECT code, name, level, parent FROM area",
        "indicator": "SELECT code, name_nl, theme, measure, unit FROM indicator",
        "learning-key": """SELECT version, valid_from::text AS "validFrom",
            (SELECT json_agg(json_build_object('topic', topic, 'indicator', indicator)) FROM learning_key_mapping AS m
             WHERE m.version = k.version)::text AS mappings FROM learning_key AS k""",
    }
    found: list[recomputation.Event] = []
    for kind, query in registers.items():
        verb = "published" if kind == "learning-key" else "registered"
        for row in await connection.fetch(query):
            plain = dict(row)
            if "mappings" in plain:
                plain["mappings"] = msgspec.json.decode(plain["mappings"])
            found.append(event("monitor", "", f"nl.veerkracht.{kind}.{verb}.v1", plain))
    found += [event("community-internal", "", each.type, each) for each in events]
    for row in await connection.fetch("SELECT id::text, type, data FROM outbox ORDER BY position"):
        found.append(event("monitor", row["id"], row["type"], row["data"]))
    return ReadTables(found)


async def test_a_dialogue_moves_indicator_and_theme_in_every_area_and_period_around_it_and_tells(
    monitor: Connection,
) -> None:
    await fold(monitor, findings("d1", (0, 2, 5, 8, 5)))
    assert {(cell.code, cell.area, cell.period): figure.tally.n for cell, figure in (await state(monitor)).items()} == {
        (code, area, period): 20
        for code in ("verbondenheid", "verbinding")
        for area in ("GM0794", "zuidoost-brabant", "PV30")
        for period in ("2026-11", "2026-Q4", "2026")
    }
    moved = await told(monitor)
    assert len(moved) == 18
    assert {(m.suppressed, m.n, m.mean, m.version, m.publication) for m in moved} == {(False, 20, 3.8, 1, 1)}


async def test_a_neighbourhood_is_known_by_its_code(monitor: Connection) -> None:
    inside = msgspec.structs.replace(findings("d1"), neighbourhood="BU07940101")
    elsewhere = msgspec.structs.replace(findings("d2", municipality="GM0772"), neighbourhood="BU07940101")
    await fold(monitor, inside, elsewhere)
    assert {figure.tally.n for cell, figure in (await state(monitor)).items() if cell.area == "BU07940101"} == {20}
    assert {figure.tally.n for cell, figure in (await state(monitor)).items() if cell.area == "zuidoost-brabant"} == {
        40
    }


async def test_withdrawing_brings_back_exactly_what_was(monitor: Connection) -> None:
    await fold(monitor, findings("d1", (1, 3, 4, 6, 2)), findings("d2", (0, 1, 0, 9, 5), "GM0828"))
    before = await state(monitor)
    await fold(monitor, findings("d3", (0, 0, 0, 0, 31)), start=2)
    assert await state(monitor) != before
    await fold(monitor, withdrawal("d3"), start=3)
    assert await state(monitor) == before


async def test_withdrawing_the_only_dialogue_leaves_no_cell(monitor: Connection) -> None:
    await fold(monitor, findings("d1"), withdrawal("d1"))
    assert await state(monitor) == {}
    await fold(monitor, findings("d2"), start=2)
    await fold(monitor, withdrawal("d2"), start=3)
    assert await state(monitor) == {}


async def test_a_withdrawal_that_arrives_first_still_holds(monitor: Connection) -> None:
    await fold(monitor, withdrawal("d1"))
    await fold(monitor, findings("d1"), start=1)
    assert await state(monitor) == {}


async def test_small_figures_are_kept_and_told_once_they_are_enough_together(monitor: Connection) -> None:
    await fold(monitor, findings("d1", (0, 0, 1, 1, 1)), findings("d2", (0, 0, 2, 2, 2), "GM0828"))
    assert {figure.tally.n for figure in (await state(monitor)).values()} == {3, 6, 9}
    assert (await told(monitor), await public(monitor)) == ([], {})
    await fold(monitor, findings("d3", (0, 0, 1, 1, 1), "GM0772"), start=2)
    assert await public(monitor) == {"verbondenheid.PV30.2026": 12}, "the smallest place that they share"
    assert {m.aggregate for m in await told(monitor)} == {
        "indicator.verbondenheid.PV30.2026",
        "theme.verbinding.PV30.2026",
    }


async def test_a_figure_that_is_gone_is_told_without_numbers(monitor: Connection) -> None:
    await fold(monitor, findings("d1"))
    await fold(monitor, withdrawal("d1"), start=1)
    last = (await told(monitor))[18:]
    assert len(last) == 18
    assert {(m.suppressed, m.n, m.mean, m.version, m.publication) for m in last} == {(True, None, None, 2, 2)}
    assert await public(monitor) == {}


async def test_a_batch_tells_once_per_figure(monitor: Connection) -> None:
    await fold(monitor, *[findings(f"d{i}") for i in range(10)])
    assert [m.n for m in await told(monitor)] == [200] * 18
    rows = await monitor.fetch("SELECT DISTINCT causation_id IS NOT NULL AS caused FROM outbox")
    assert [row["caused"] for row in rows] == [True]


async def test_control_what_was_never_counted_cannot_be_taken_back(monitor: Connection) -> None:
    """Negative control: damaged figures are seen when less than nothing would be left."""
    await fold(monitor, findings("d1"))
    await monitor.execute("UPDATE aggregate SET findings = 0 WHERE level = 'province'")
    await fold(monitor, withdrawal("d1"), start=1)
    assert "more was taken back than was counted" in await monitor.fetchval("SELECT reason FROM dead_letter")


async def test_an_unregistered_municipality_is_a_dead_letter_and_its_neighbours_count(monitor: Connection) -> None:
    await fold(monitor, findings("d1"), findings("d2", municipality="GM9999"), findings("d3"))
    assert {figure.tally.n for figure in (await state(monitor)).values()} == {40}
    assert await monitor.fetchval("SELECT reason FROM dead_letter") == "Awaits: municipality GM9999 is not registered"


async def test_a_dialogue_in_a_municipality_that_is_not_there_that_day_counts_once_it_is(monitor: Connection) -> None:
    """Community may have planned and held it before it heard of the end."""
    await monitor.execute("UPDATE area SET valid_until = '2026-06-01' WHERE code = 'GM0794'")
    last, next_day = date(2026, 5, 31), date(2026, 6, 1)
    await fold(monitor, findings("d1", held_on=last), findings("d2", held_on=next_day))
    assert {figure.tally.n for figure in (await state(monitor)).values()} == {20}
    reason = await monitor.fetchval("SELECT reason FROM dead_letter")
    assert reason == "Awaits: municipality GM0794 is not there on 2026-06-01"
    await monitor.execute("UPDATE area SET valid_until = '2026-07-01' WHERE code = 'GM0794'")
    await fold(monitor, findings("d2", held_on=next_day), start=2)
    assert max(figure.tally.n for figure in (await state(monitor)).values()) == 40


async def test_a_dialogue_counts_in_a_neighbourhood_only_while_it_is_there(monitor: Connection) -> None:
    await monitor.execute("UPDATE area SET valid_until = '2026-06-01' WHERE code = 'BU07940101'")
    near = msgspec.structs.replace(findings("d1", held_on=date(2026, 6, 1)), neighbourhood="BU07940101")
    await fold(monitor, near)
    assert {cell.area for cell in await state(monitor)} & {"GM0794", "BU07940101"} == {"GM0794"}


async def test_a_dialogue_before_the_first_learning_key_counts_for_nothing(monitor: Connection) -> None:
    await fold(monitor, findings("d1", held_on=date(2016, 12, 31)))
    assert await state(monitor) == {}


@pytest.mark.parametrize("seed", range(5))
async def test_any_mix_in_any_batches_equals_the_recomputation(monitor: Connection, seed: int) -> None:
    dice = random.Random(seed)
    events: list[Event] = []
    for number in range(40):
        scores = (dice.randrange(9), dice.randrange(9), dice.randrange(9), dice.randrange(9), 1 + dice.randrange(9))
        topic = dice.choice([DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP, DialogueTopic.PERSEVERANCE])
        place = dice.choice(["GM0794", "GM0772", "GM0828"])
        said = findings(f"d{number}", scores, place, date(2026, dice.randint(1, 11), 5), topic)
        events.append(msgspec.structs.replace(said, neighbourhood=dice.choice([None, "BU07940101", "Binnenstad"])))
        if dice.random() < 0.3:
            events.append(withdrawal(f"d{dice.randrange(number + 1)}"))
    values = [cloud_event(event) for event in events]
    log = [*values]
    for _ in range(10):  # a relay that crashed publishes some again, later
        log.insert(dice.randrange(len(log) + 1), dice.choice(values))
    done = 0
    while done < len(log):
        size = dice.randint(1, 12)
        again = dice.randint(0, min(done, 3))  # and Kafka delivers some again
        await apply_run(monitor, FIGURES, HERE, run(*log[done - again : done + size], start=done - again), NOW)
        done += size
    assert await state(monitor) == await recomputed(monitor, events)
    all_ = await all_said(monitor, events)
    assert compare(*await tables.public(monitor, all_)) == Difference()
    assert all_.broken() == Difference(), "each figure goes on from the one before"


async def test_control_without_claims_the_same_mix_counts_too_much(monitor: Connection) -> None:
    """Negative control: the comparison sees a double count."""
    value = cloud_event(findings("d1"))
    await apply_run(monitor, FIGURES, HERE, run(value), NOW)
    await monitor.execute("TRUNCATE claim, contribution, dialogue")
    await apply_run(monitor, FIGURES, HERE, run(value, start=1), NOW)
    assert await state(monitor) != await recomputed(monitor, [findings("d1")])
