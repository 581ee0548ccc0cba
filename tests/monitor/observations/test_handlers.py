"""Files into Postgres: stored whole or not at all, published in every area and period around, corrected."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from services.monitor.areas.register import ancestry
from services.monitor.figure.cells import PublicCell, PublicLine, roll_up
from services.monitor.figure.periods import year_of
from services.monitor.figure.public import PublicTally
from services.monitor.figure.record import cell_of, public_tally_of
from services.monitor.indicators.register import themes
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record

from .conftest import Import
from .world import eenzaam, offer, regie, text, vertrouwen, vrijwilligers, write


async def live(connection: Connection) -> dict[PublicCell, PublicTally]:
    """The public figures that have anything."""
    cells = {cell_of(row): public_tally_of(row) for row in await connection.fetch("SELECT * FROM published")}
    return {cell: tally for cell, tally in cells.items() if tally}


async def folded(connection: Connection) -> dict[PublicCell, PublicTally]:
    """What the public log comes to: independent of how the figures were moved."""
    lines = [
        PublicLine(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], public_tally_of(row))
        for row in await connection.fetch("SELECT * FROM public_line WHERE dissolved IS NULL")
    ]
    return roll_up(
        lines,
        await themes(connection, {line.indicator for line in lines}),
        await ancestry(connection, {(line.area, year_of(line.period)) for line in lines}),
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
        vertrouwen(periode="2024-Q2", gebied="GM0772", verdeling="0|0|0|50|50"),
    )
    assert (counts.rows, counts.stored, counts.replaced, counts.refused) == (6, 6, 0, 0)
    assert await live(monitor) == await folded(monitor) != {}
    region = await figure(monitor, "regie", "zuidoost-brabant", "2024")
    assert (region["n"], region["total"]) == (512, 412 * 3_250_000 + 100 * 4_000_000)
    assert list((await figure(monitor, "vertrouwen", "PV30", "2024"))["histogram"]) == [30, 50, 90, 70, 60]
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
    assert ended[0]["ended_by"] == await monitor.fetchval(
        "SELECT event FROM observation_import WHERE id = (SELECT import FROM observation WHERE published = 2 LIMIT 1)"
    )
    before = await monitor.fetch("SELECT * FROM published ORDER BY 1, 2, 3, 4, 5")
    counts = await take_in(regie(waarde="3,50"), eenzaam())
    assert (counts.stored, counts.replaced, counts.unchanged) == (0, 0, 2)
    assert before == await monitor.fetch("SELECT * FROM published ORDER BY 1, 2, 3, 4, 5")
    assert await monitor.fetchval("SELECT number FROM publication_head") == 3


async def test_small_rows_wait_until_they_are_enough_together(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="4"))
    assert await live(monitor) == {}
    await take_in(regie(n="7", gebied="GM0772"))
    assert await live(monitor) == await folded(monitor)
    assert {(cell.area, tally.respondents) for cell, tally in (await live(monitor)).items()} == {
        ("zuidoost-brabant", 11),
        ("PV30", 11),
    }


async def test_a_correction_of_a_row_in_a_packet_dissolves_it_and_stays_behind(
    monitor: Connection, take_in: Import
) -> None:
    """As a withdrawn dialogue does, decision 10: a row is in one packet, once, however large it has become."""
    await take_in(regie(n="4"), regie(n="7", gebied="GM0772"))
    assert len(await live(monitor)) == 2
    await take_in(regie(n="8"))
    assert await live(monitor) == await folded(monitor) == {}
    await take_in(regie(n="40"))
    assert await live(monitor) == await folded(monitor) == {}
    assert await monitor.fetchval("SELECT count(*) FROM observation WHERE published IS NOT NULL") == 0


async def test_a_correction_of_a_row_that_waits_may_be_public_by_itself(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="4"))
    await take_in(regie(n="40"))
    assert await live(monitor) == await folded(monitor)
    assert (await figure(monitor, "regie", "GM0794", "2024"))["n"] == 40


async def test_ratios_gather_until_numerator_and_rest_are_enough(monitor: Connection, take_in: Import) -> None:
    await take_in(eenzaam(teller="3"))
    await take_in(eenzaam(teller="5", gebied="GM0772"))
    assert await live(monitor) == {}
    await take_in(eenzaam(teller="4", gebied="GM1959"))
    ((cell, tally),) = (await live(monitor)).items()
    assert (cell.area, tally.numerator, tally.denominator) == ("PV30", 12, 3000)


async def test_a_small_count_never_gathers_and_its_correction_may_be_public(
    monitor: Connection, take_in: Import
) -> None:
    await take_in(vrijwilligers(teller="6", noemer="900"), vrijwilligers(teller="7", noemer="900", gebied="GM0772"))
    assert await live(monitor) == {}
    assert await monitor.fetchval("SELECT count(*) FROM unit") == 0
    await take_in(vrijwilligers(teller="12", noemer="900"))
    assert await live(monitor) == await folded(monitor)
    assert (await figure(monitor, "vrijwilligers", "PV30", "2024"))["numerator"] == 12


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


async def test_another_method_corrects_and_never_counts_twice(monitor: Connection, take_in: Import) -> None:
    counts = await take_in(regie(), regie(methode="telefonisch"), good_rows=True)
    assert (counts.stored, counts.refused) == (1, 1)
    (error,) = await errors(monitor)
    assert error["reason"] == "regel 2 gaat over hetzelfde: indicator, bron, gebied en periode"
    counts = await take_in(regie(methode="telefonisch"))
    assert (counts.stored, counts.replaced) == (1, 1)
    assert (await figure(monitor, "regie", "GM0794", "2024"))["n"] == 412
    assert await live(monitor) == await folded(monitor)


async def test_a_correction_of_a_fact_alone_moves_no_figure(monitor: Connection, take_in: Import) -> None:
    await take_in(regie())
    told = await monitor.fetchval("SELECT count(*) FROM outbox WHERE type = 'nl.veerkracht.aggregate.moved.v1'")
    await take_in(regie(methode="telefonisch"))
    assert told == await monitor.fetchval("SELECT count(*) FROM outbox WHERE type = 'nl.veerkracht.aggregate.moved.v1'")


async def test_lines_are_numbered_as_they_become_public_whatever_their_place_in_the_file(
    monitor: Connection, take_in: Import
) -> None:
    await take_in(regie(gebied="GM0772"))
    await take_in(
        regie(n="4", periode="2023", indeling="2023"),
        vrijwilligers(),
        regie(gebied="GM1959"),
        regie(gebied="GM0794"),
        eenzaam(),
        regie(gebied="GM0772", waarde="3,5"),
    )
    rows = await monitor.fetch(
        "SELECT entry, indicator, area FROM observation WHERE published IS NOT NULL AND line > 2 ORDER BY entry"
    )
    assert [tuple(row) for row in rows] == [
        (1, "regie", "GM0772"),  # in the place of what was public, so first
        (2, "eenzaam", "GM0794"),
        (3, "regie", "GM0794"),
        (4, "regie", "GM1959"),
        (5, "vrijwilligers", "GM0794"),
    ]
    assert await monitor.fetchval("SELECT max(entries) FROM observation_import") == 5


async def test_nothing_told_of_a_file_follows_from_what_it_says(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(), regie(gebied="GM9999"), good_rows=True)
    imported, finding = (
        msgspec.json.decode(row["data"], type=dict[str, object])
        for row in await monitor.fetch("SELECT data FROM outbox ORDER BY position LIMIT 2")
    )
    upload = await monitor.fetchval("SELECT id FROM observation_upload")
    assert UUID(upload).version == 4
    assert imported == {"load": upload, "indicators": ["regie"], "sources": ["survey"]}
    assert (finding["finding"], finding["explanation"]) == (
        f"{upload}-rejected",
        "Niet alle aangeleverde regels zijn overgenomen.",
    )


async def test_a_correction_of_what_nobody_saw_yet_leaves_no_trace(monitor: Connection, tmp_path: Path) -> None:
    await offer(monitor, write(tmp_path / "a.csv", text([regie(n="100"), eenzaam()])), released=False)
    assert await live(monitor) == {}
    await offer(monitor, write(tmp_path / "b.csv", text([regie(n="103")])))
    assert await live(monitor) == await folded(monitor)
    assert [tuple(row) for row in await monitor.fetch("SELECT n, dissolved FROM observation ORDER BY n")] == [
        (0, None),
        (103, None),
    ]
