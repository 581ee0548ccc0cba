"""Files into Postgres: stored whole or not at all, published in every area and period around, corrected."""

from collections.abc import Sequence
from pathlib import Path

from services.monitor.areas.register import ancestry
from services.monitor.figure.cells import PublicCell, PublicLine, roll_up
from services.monitor.figure.record import cell_of, tally_of
from services.monitor.figure.tally import Tally
from services.monitor.indicators.register import themes
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record

from .conftest import Import
from .world import eenzaam, offer, regie, text, vertrouwen, vrijwilligers, write


async def live(connection: Connection) -> dict[PublicCell, Tally]:
    """The public figures that have anything."""
    cells = {cell_of(row): tally_of(row) for row in await connection.fetch("SELECT * FROM published")}
    return {cell: tally for cell, tally in cells.items() if tally}


async def folded(connection: Connection) -> dict[PublicCell, Tally]:
    """What the public log comes to: independent of how the figures were moved."""
    lines = [
        PublicLine(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], tally_of(row))
        for row in await connection.fetch("SELECT * FROM public_line WHERE dissolved IS NULL")
    ]
    return roll_up(
        lines,
        await themes(connection, {line.indicator for line in lines}),
        await ancestry(connection, {line.area for line in lines}),
    )


async def figure(connection: Connection, code: str, area: str, period: str) -> Record:
    row = await connection.fetchrow(
        "SELECT * FROM published WHERE code = $1 AND area = $2 AND period = $3", code, area, period
    )
    assert row is not None
    return row


async def errors(connection: Connection) -> Sequence[Record]:
    return await connection.fetch('SELECT line, "column", value, reason FROM observation_error ORDER BY line, number')


async def nothing_stored(connection: Connection) -> bool:
    tables = (
        "observation",
        "observation_import",
        "observation_series",
        "unit",
        "packet",
        "published",
        "publication",
        "outbox",
        "observation_pending",
    )
    return not [table for table in tables if await connection.fetchval(f"SELECT count(*) FROM {table}")]  # noqa: S608


async def test_a_file_counts_in_every_area_and_period_around(monitor: Connection, take_in: Import) -> None:
    counts = await take_in(
        regie(periode="2024-03"),
        regie(periode="2024-03", gebied="GM0772", waarde="4", n="100", standaardafwijking=""),
        eenzaam(),
        vrijwilligers(),
        vertrouwen(periode="2024-Q2"),
        vertrouwen(periode="2024-Q2", gebied="GM0772", verdeling="0|0|0|0|50"),
    )
    assert (counts.rows, counts.stored, counts.replaced, counts.refused) == (6, 6, 0, 0)
    assert await live(monitor) == await folded(monitor) != {}
    region = await figure(monitor, "regie", "zuidoost-brabant", "2024")
    assert (region["n"], region["total"], region["spread_n"]) == (512, 412 * 3_250_000 + 100 * 4_000_000, 412)
    assert list((await figure(monitor, "vertrouwen", "PV30", "2024"))["histogram"]) == [3, 5, 9, 2, 51]
    assert await monitor.fetchval("SELECT number FROM publication_head") == 4
    assert await monitor.fetchval("SELECT count(*) FROM observation WHERE pending") == 0


async def test_a_wrong_row_keeps_the_whole_file_out(monitor: Connection, take_in: Import) -> None:
    counts = await take_in(regie(), regie(gebied="GM9999", n=""), regie(gebied="GM0772", waarde="3.5"), regie())
    assert (counts.rows, counts.stored, counts.refused, counts.errors) == (4, 0, 3, 4)
    assert [(row["line"], row["column"]) for row in await errors(monitor)] == [
        (3, "gebied"),
        (3, "n"),
        (4, "waarde"),
        (5, None),
    ]
    assert await nothing_stored(monitor)


async def test_good_rows_are_stored_when_asked_for_and_the_others_are_told(
    monitor: Connection, take_in: Import
) -> None:
    counts = await take_in(regie(), regie(gebied="GM9999"), regie(n="500"), good_rows=True)
    assert (counts.rows, counts.stored, counts.refused, counts.errors) == (3, 1, 2, 2)
    assert await live(monitor) == await folded(monitor) != {}
    assert [row["type"] for row in await monitor.fetch("SELECT type FROM outbox ORDER BY position LIMIT 2")] == [
        "nl.veerkracht.observations.imported.v1",
        "nl.veerkracht.quality-finding.published.v1",
    ]


async def test_a_correction_replaces_and_the_same_again_changes_nothing(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(), regie(gebied="GM0772"))
    counts = await take_in(regie(waarde="3,5"), regie(gebied="GM0772"), eenzaam())
    assert (counts.stored, counts.replaced, counts.unchanged) == (2, 1, 1)
    assert await live(monitor) == await folded(monitor)
    assert (await figure(monitor, "regie", "GM0794", "2024"))["total"] == 412 * 3_500_000
    ended = await monitor.fetch("SELECT published, dissolved, ended_by FROM observation WHERE dissolved IS NOT NULL")
    assert [(row["published"], row["dissolved"]) for row in ended] == [(1, 2)]
    event = await monitor.fetchval("SELECT event FROM observation_import ORDER BY at, event DESC LIMIT 1")
    assert ended[0]["ended_by"] == event
    before = await monitor.fetch("SELECT * FROM published ORDER BY 1, 2, 3, 4, 5")
    counts = await take_in(regie(waarde="3,50"), eenzaam())
    assert (counts.stored, counts.replaced, counts.unchanged) == (0, 0, 2)
    assert before == await monitor.fetch("SELECT * FROM published ORDER BY 1, 2, 3, 4, 5")
    assert await monitor.fetchval("SELECT number FROM publication_head") == 3


async def test_a_correction_that_would_tell_of_a_few_people_is_refused(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(), regie(gebied="GM0772"))
    counts = await take_in(regie(n="415"), regie(gebied="GM0772", n="9"))
    assert (counts.stored, counts.refused) == (0, 2)
    assert ["minder dan 10" in row["reason"] for row in await errors(monitor)] == [True, False]
    counts = await take_in(regie(n="422"))
    assert (counts.stored, counts.replaced) == (1, 1)


async def test_small_rows_wait_until_they_are_enough_together(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="4"))
    assert await live(monitor) == {}
    await take_in(regie(n="7", gebied="GM0772"))
    assert await live(monitor) == await folded(monitor)
    assert {(cell.area, tally.respondents) for cell, tally in (await live(monitor)).items()} == {
        ("zuidoost-brabant", 11),
        ("PV30", 11),
    }
    await take_in(regie(n="8"))
    await take_in(regie(n="40"))
    assert await live(monitor) == await folded(monitor)
    assert await monitor.fetchval("SELECT count(*) FROM observation WHERE published IS NOT NULL") == 0


async def test_levels_and_lengths_of_period_do_not_mix_over_files(monitor: Connection, take_in: Import) -> None:
    await take_in(regie())
    await take_in(regie(gebied="PV30"))
    await take_in(regie(gebied="GM0772", periode="2024-Q1"))
    level, length = await errors(monitor)
    assert level["column"] == "gebied"
    assert "zijn er cijfers van gemeenten, dit is er een van de provincie" in level["reason"]
    assert length["column"] == "periode"
    assert "zijn er in 2024 cijfers per jaar, dit is er een per kwartaal" in length["reason"]
    assert await monitor.fetchval("SELECT count(*) FROM observation") == 1


async def test_two_methods_are_two_lines_of_one_figure(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(), regie(methode="telefonisch"))
    assert (await figure(monitor, "regie", "GM0794", "2024"))["n"] == 824
    assert await live(monitor) == await folded(monitor)


async def test_a_correction_of_what_nobody_saw_yet_leaves_no_trace(monitor: Connection, tmp_path: Path) -> None:
    await offer(monitor, write(tmp_path / "a.csv", text([regie(n="100"), eenzaam()])), released=False)
    assert await live(monitor) == {}
    await offer(monitor, write(tmp_path / "b.csv", text([regie(n="103")])))
    assert await live(monitor) == await folded(monitor)
    assert [tuple(row) for row in await monitor.fetch("SELECT n, dissolved FROM observation ORDER BY n")] == [
        (0, None),
        (103, None),
    ]
