"""Postgres of what waits, what becomes public and the live public figures."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record, queries

from ..figure.cells import PublicCell, PublicLine
from ..figure.json import members
from ..figure.public import PublicTally
from ..figure.record import columns, public_columns, public_tally_of, tally_columns, tally_of
from .domain import FigureMove, Key, Packet, StandingPacket, StoredUnit, Unit

_Q = queries(Path(__file__).with_name("publication.sql"))
#: So many of a cell's parts tell it apart.
_KEY = 5

#: Indicator, kind of source and year: which units may be in a packet together.
UnitPool = tuple[str, str, str]
#: The parts of a cell that tell it apart.
CellParts = tuple[str, ...]


async def pools_of(connection: Connection, refs: list[str]) -> set[tuple[object, ...]]:
    """The pools in which units of these refs are."""
    return {tuple(row) for row in await connection.fetch(_Q.pools_of, refs)}


async def lock_pools(connection: Connection, pools: Iterable[tuple[object, ...]]) -> None:
    """Until this transaction ends no one else takes units in or out of these pools."""
    await connection.execute(_Q.lock_pools, [" ".join(map(str, pool)) for pool in pools])


async def units_of(connection: Connection, refs: list[str]) -> dict[Key, StoredUnit]:
    """The units there are of these refs."""
    rows = await connection.fetch(_Q.units_of, refs)
    return {(row["ref"], row["number"]): StoredUnit(_unit(row), row["packet"]) for row in rows}


async def waiting_in(connection: Connection, pools: Collection[UnitPool]) -> list[Unit]:
    """All that waits in these pools, by ref and number."""
    return [_unit(row) for row in await connection.fetch(_Q.waiting, *columns(pools))] if pools else []


async def standing(connection: Connection, ids: Iterable[int | None]) -> dict[int, StandingPacket]:
    """Those of these packets that are public."""
    packets = [id_ for id_ in ids if id_ is not None]
    rows = await connection.fetch(_Q.standing_packets, packets) if packets else []
    return {row["id"]: StandingPacket(_line(row), row["units"]) for row in rows}


async def next_publication(connection: Connection, packets: int, reason: str, now: datetime) -> tuple[int, int]:
    """The number of a new publication, and of its last packet. Others wait for theirs until this transaction ends."""
    [row] = await connection.fetch(_Q.next_publication, packets, now, reason)
    return row["number"], row["packets"]


async def forget(connection: Connection, units: Collection[Key]) -> None:
    """Remove units."""
    if units:
        await connection.execute(_Q.delete_units, *columns(units))


async def empty(connection: Connection, units: Collection[Key]) -> None:
    """Keep that these units were in a packet, and nothing of what they say."""
    if units:
        await connection.execute(_Q.empty_units, *columns(units))


async def put_units(connection: Connection, units: Sequence[Unit], packets: Mapping[int, Packet]) -> None:
    """Store units, those and the ones that waited in their packets."""
    packet_of = {unit.key: id_ for id_, packet in packets.items() for unit in packet.units}
    if units:
        rows = [_unit_row(unit, packet_of.pop(unit.key, None)) for unit in units]
        await connection.execute(_Q.insert_units, *columns(rows))
    if packet_of:
        await connection.execute(_Q.pack_units, *columns([(*key, id_) for key, id_ in packet_of.items()]))


async def dissolve(connection: Connection, number: int, ended_by: Mapping[int, Iterable[str]]) -> None:
    """End packets in a publication, each with the events that ended it."""
    if ended_by:
        events = [",".join(sorted(set(by))) for by in ended_by.values()]
        await connection.execute(_Q.dissolve, number, list(ended_by), events)


async def put_packets(connection: Connection, number: int, packets: Mapping[int, Packet]) -> None:
    """Store the packets that a publication makes public."""
    if packets:
        rows = [_packet_row(id_, packet) for id_, packet in packets.items()]
        await connection.execute(_Q.insert_packets, number, *columns(rows))


async def cells(connection: Connection, wanted: Iterable[PublicCell]) -> dict[CellParts, tuple[PublicTally, int]]:
    """Those of these cells that are there, and how often each moved: see `key_of`."""
    rows = await connection.fetch(_Q.cells, *columns([str(part) for part in cell[:_KEY]] for cell in wanted))
    return {tuple(row.values())[:_KEY]: (public_tally_of(row), row["version"]) for row in rows}


def key_of(cell: PublicCell) -> CellParts:
    """What tells a cell apart."""
    return cell[:_KEY]


async def put_cells(connection: Connection, number: int, moves: Iterable[FigureMove]) -> None:
    """Store cells as a publication left them."""
    await connection.execute(_Q.put_cells, number, *columns(map(_cell_row, moves)))


async def count_waiting(connection: Connection) -> dict[SourceKind, int]:
    """How many units wait, by kind of source."""
    return {SourceKind(row["source"]): row["units"] for row in await connection.fetch(_Q.count_waiting)}


def _line(row: Record) -> PublicLine:
    return PublicLine(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], public_tally_of(row))


def _unit(row: Record) -> Unit:
    return Unit(
        row["ref"],
        row["number"],
        row["indicator"],
        SourceKind(row["source"]),
        row["area"],
        row["period"],
        tally_of(row),
        row["event"],
    )


def _unit_row(unit: Unit, packet: int | None) -> tuple[object, ...]:
    return (
        *unit.key,
        unit.indicator,
        unit.source.value,
        unit.area,
        unit.period,
        unit.event,
        packet,
        *tally_columns(unit.tally),
    )


def _packet_row(id_: int, packet: Packet) -> tuple[object, ...]:
    line = packet.line
    events = ",".join(sorted({unit.event for unit in packet.units}))
    return (
        id_,
        line.indicator,
        line.source.value,
        line.area,
        line.period,
        *public_columns(line.tally),
        len(packet.units),
        events,
    )


def _cell_row(move: FigureMove) -> tuple[object, ...]:
    return *map(str, move.cell), *public_columns(move.after), move.version, members(move.after, move.quantity)
