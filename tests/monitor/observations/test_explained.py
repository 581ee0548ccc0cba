"""What was imported is found again in the public log: at every publication, line by line, by import."""

from services.monitor.figure.record import tally_of
from services.monitor.figure.tally import Tally
from services.monitor.history import log
from services.monitor.history.domain import CellKey
from services.monitor.history.explanation import explain
from shared.database import Connection

from .conftest import Import
from .world import eenzaam, regie, vertrouwen, vrijwilligers


async def live(connection: Connection) -> dict[CellKey, Tally]:
    rows = await connection.fetch("SELECT * FROM published")
    found = {CellKey(r["kind"], r["code"], r["source"], r["area"], r["period"]): tally_of(r) for r in rows}
    return {cell: tally for cell, tally in sorted(found.items()) if tally}


async def at(connection: Connection, publication: int) -> dict[CellKey, Tally]:
    async with connection.transaction():
        return {cell: tally async for page in log.state_at(connection, publication) for cell, tally in page}


async def test_imports_and_their_corrections_are_found_again(monitor: Connection, take_in: Import) -> None:
    seen = {}
    for rows in (
        (regie(periode="2024-03"), regie(periode="2024-03", gebied="GM0772"), eenzaam(), vertrouwen()),
        (regie(periode="2024-03", waarde="4"), vrijwilligers(), eenzaam(gebied="GM0772")),
        (vertrouwen(verdeling="0|0|0|0|50"), regie(periode="2024-03", waarde="3"), regie(periode="2023")),
        (eenzaam(gebied="GM1959", teller="2", noemer="6"), eenzaam(gebied="GM1959", periode="2023", noemer="500")),
    ):
        await take_in(*rows)
        seen[await log.newest(monitor)] = await live(monitor)
    assert len(seen) > 2
    for publication, figures in seen.items():
        assert list((await at(monitor, publication)).items()) == list(figures.items())


async def test_a_correction_explains_itself_by_both_imports(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(gebied="GM0772"), regie())
    await take_in(regie(waarde="3,5"))
    imports = await monitor.fetch("SELECT id, event FROM observation_import ORDER BY rows DESC")
    (first, came), (second, replaced) = [(row["id"], row["event"]) for row in imports]
    cell = CellKey("indicator", "regie", "survey", "GM0794", "2024")
    frame, newest = await log.present_frame(monitor), await log.newest(monitor)
    found = await explain(monitor, cell, frame, 0, newest, None, 10)
    moves = [(step.move.sign, step.move.place.origin, step.move.place.entry, step.move.events) for step in found.steps]
    assert moves[0] == (1, first, 3, (came,))
    assert sorted(moves[1:]) == [(-1, first, 3, (replaced,)), (1, second, 2, (replaced,))]
    assert (found.end.total, found.sums_exactly) == (412 * 3_500_000, True)
