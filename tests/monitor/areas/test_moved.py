"""Figures of an area that came to lie in another add up by year, wherever they are added up."""

from datetime import date
from pathlib import Path

import msgspec

from services.monitor.app import projections
from services.monitor.areas import register
from services.monitor.figure.cells import PublicLine, roll_up
from services.monitor.figure.periods import year_of
from services.monitor.figure.record import public_tally_of
from services.monitor.history import log
from services.monitor.history.domain import CellKey
from services.monitor.history.explanation import explain
from services.monitor.indicators.register import themes
from services.monitor.settings import MonitorSettings
from shared.contracts.community import FINDINGS
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.records import NOW, apply_run, cloud_event, findings, run, withdrawal

from ..observations.world import SETUP, offer, regie, text, write

HERE = Partition(FINDINGS, 0)
FIGURES, *_ = projections(MonitorSettings())
#: Helmond and its neighbourhood lay in the north-east until 2026.
MOVED = "INSERT INTO area_before VALUES ('GM0794', '2026-01-01', 'Helmond', 'noordoost-brabant')"


async def live(connection: Connection) -> dict[CellKey, object]:
    rows = await connection.fetch("SELECT * FROM published")
    found = {CellKey(r["kind"], r["code"], r["source"], r["area"], r["period"]): public_tally_of(r) for r in rows}
    return {cell: tally for cell, tally in sorted(found.items()) if tally}


async def same_everywhere(connection: Connection) -> None:
    """The live figures are what the log folds to, what its lines roll up to, and each explains itself."""
    figures = await live(connection)
    frame, newest = await log.present_frame(connection), await log.newest(connection)
    async with connection.transaction():
        assert figures == {cell: tally async for page in log.state_at(connection, newest) for cell, tally in page}
    lines = [
        PublicLine(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], public_tally_of(row))
        for row in await connection.fetch("SELECT * FROM public_line WHERE dissolved IS NULL")
    ]
    async with connection.transaction():
        chains = await register.ancestry(connection, {(line.area, year_of(line.period)) for line in lines})
    rolled = roll_up(lines, await themes(connection, {line.indicator for line in lines}), chains)
    assert figures == {CellKey(*map(str, cell[:5])): tally for cell, tally in rolled.items()}
    for cell in figures:
        async with connection.transaction():
            assert (await explain(connection, cell, frame, 0, newest, None, 100)).adds_up


async def test_dialogues_count_in_what_their_place_lay_in_that_year(monitor: Connection) -> None:
    await monitor.execute(MOVED)
    early = findings("vroeg", (20, 20, 20, 20, 20), held_on=date(2025, 12, 31))
    late = findings("laat", (10, 20, 20, 20, 10), held_on=date(2026, 1, 1))
    near = msgspec.structs.replace(early, dialogue="buurt", neighbourhood="BU07940101")
    await apply_run(monitor, FIGURES, HERE, run(*map(cloud_event, (early, late, near))), NOW)
    rows = await monitor.fetch("SELECT area, period, n FROM aggregate WHERE kind = 'indicator' AND length(period) = 4")
    there = {(row["area"], row["period"]): row["n"] for row in rows}
    assert {(area, period): there[area, period] for area, period in there if area.endswith("brabant")} == {
        ("noordoost-brabant", "2025"): 200,
        ("zuidoost-brabant", "2026"): 80,
    }
    assert there["PV30", "2025"] == 200 and there["BU07940101", "2025"] == 100
    await same_everywhere(monitor)
    await apply_run(monitor, FIGURES, HERE, run(cloud_event(withdrawal("vroeg")), start=3), NOW)
    await same_everywhere(monitor)


async def test_rows_of_files_count_in_what_their_area_lay_in_that_year(
    monitor_connection: Connection, tmp_path: Path
) -> None:
    await monitor_connection.execute(SETUP)
    await monitor_connection.execute(
        "INSERT INTO area_before VALUES ('GM0794', '2024-01-01', 'Helmond', 'west-brabant')"
    )
    rows = [regie(periode=period) for period in ("2022", "2023", "2024")]
    rows += [regie(periode=period, gebied="GM0772") for period in ("2023", "2024")]
    _, counts = await offer(monitor_connection, write(tmp_path / "rijen.csv", text(rows)))
    assert counts.stored == len(rows)
    found = await live(monitor_connection)
    assert {(cell.area, cell.period) for cell in found if cell.area.endswith("brabant")} == {
        ("west-brabant", "2022"),
        ("west-brabant", "2023"),
        ("zuidoost-brabant", "2023"),
        ("zuidoost-brabant", "2024"),
    }
    await same_everywhere(monitor_connection)
    await offer(monitor_connection, write(tmp_path / "weer.csv", text([regie(periode="2023", waarde="3,5")])))
    await same_everywhere(monitor_connection)


async def test_an_area_that_is_otherwise_while_a_file_is_read_is_not_read_past(
    monitor_connection: Connection,
) -> None:
    await monitor_connection.execute(SETUP)
    known = await register.geography(monitor_connection)
    async with monitor_connection.transaction():
        assert await register.still_so(monitor_connection, known)
    await monitor_connection.execute(
        "INSERT INTO area_before VALUES ('GM0794', '2024-01-01', 'Helmond', 'west-brabant')"
    )
    async with monitor_connection.transaction():
        assert not await register.still_so(monitor_connection, known)
