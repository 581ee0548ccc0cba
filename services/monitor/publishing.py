"""Postgres of what becomes public: units in, packets formed and dissolved, the live public figures moved.

Everything is in the caller's transaction. Locks are taken in one order: what the caller holds already (its watermarks,
dialogues and exact figures), then the pools of units in the order of their keys, then the head of publications, which
stays locked until the transaction ends: so publications are numbered in the order in which they commit. Publish once in
a transaction, after everything else in it that waits for others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.database import Connection, Record, queries

from .cells import Areas, Line, PublicCell, roll_up
from .release import Waiting, form, may_gather, together
from .tally import Tally

Q = queries(Path(__file__).parent / "sql" / "publishing.sql")

#: Which unit: its ref and number.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """What may be published, one by one too small.

    `ref` is what comes and goes together and is of the same people: `dialogue/<id>`, or of an observation its
    indicator, source, area and period. `number` tells the units of a ref apart and always means the same one: a
    finding's place in its dialogue. `event` is the id of the event that brought it.
    """

    ref: str
    number: int
    indicator: str
    source: SourceKind
    area: str
    period: str
    tally: Tally
    event: str

    @property
    def key(self) -> Key:
        """Which unit."""
        return self.ref, self.number

    @property
    def pool(self) -> tuple[str, str, str]:
        """With which others it may be in a packet: those of its indicator, kind of source and year."""
        return self.indicator, self.source.value, self.period[:4]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The fewest respondents that may be published, per kind of source."""

    default: int
    kinds: Mapping[SourceKind, int] = field(default_factory=dict)

    def of(self, source: SourceKind) -> int:
        """For this kind of source."""
        return self.kinds.get(source, self.default)


@dataclass(frozen=True, slots=True)
class Move:
    """A public cell before and after; `version` counts its moves from 1."""

    cell: PublicCell
    before: Tally
    after: Tally
    version: int


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did. Cells that stayed as they were are not in it."""

    number: int
    moved: list[Move]


@dataclass(frozen=True, slots=True)
class _Packet:
    """A packet to be: the line it adds, and its units."""

    line: Line
    units: tuple[Unit, ...]


async def publish(
    connection: Connection,
    added: Sequence[Unit],
    removed: Sequence[tuple[str, str]],
    reason: str,
    now: datetime,
    thresholds: Thresholds,
) -> Published | None:
    """Take units away and in, and publish what that makes public; None, and no number used, when nothing is.

    `removed` are refs, each with the id of the event that ended it; a ref that is not there changes nothing. What
    else was in the packet of a removed unit stays behind in it and is never public again: see deploy/decisions/0010.

    A unit in `added` that is there already changes nothing, unless its ref is in `removed` too and it differs: then it
    is replaced.
    One that was public before stays public only when all of its packet come back, as they were, under one indicator.
    A small count is not kept: it would never be published.

    Raises KeyError for an area or indicator that is not registered.
    """
    ended_by = dict(removed)
    refs = list({*ended_by, *(unit.ref for unit in added)})
    pools = {unit.pool for unit in added} | {tuple(row) for row in await connection.fetch(Q.pools_of, refs)}
    if not pools:
        return None
    await connection.execute(Q.lock_pools, [" ".join(pool) for pool in pools])
    known = {(row["ref"], row["number"]): row for row in await connection.fetch(Q.units_of, refs)}
    wanted = {unit.key: unit for unit in added}
    ending = {
        key: row for key, row in known.items() if row["ref"] in ended_by and not _stays(wanted.get(key), _unit(row))
    }
    standing = {row["id"]: row for row in await _standing(connection, ending.values())}
    staying = {key for key, row in known.items() if key not in ending or row["packet"] not in (None, *standing)}
    incoming = {key: unit for key, unit in wanted.items() if key not in staying and may_gather(unit.tally)}

    moving = _moving(incoming, ending, standing)
    moved_keys = {unit.key for packet in moving for unit in packet.units}
    spent = {key for key, row in ending.items() if row["packet"] is not None and key not in moved_keys}
    fresh = [unit for key, unit in incoming.items() if key not in moved_keys and key not in spent]
    waited = [
        unit for row in await _waiting(connection, {u.pool for u in fresh}) if (unit := _unit(row)).key not in ending
    ]
    lines = [_line(row) for row in standing.values()]
    areas = {unit.area for unit in (*fresh, *waited, *(unit for packet in moving for unit in packet.units))}
    ancestry = await _ancestry(connection, areas | {line.area for line in lines})
    formed = [*moving, *_form([*waited, *fresh], ancestry, thresholds)]

    gone = [key for key in ending if key not in spent]
    if gone:
        await connection.execute(Q.delete_units, *_columns(gone))
    if spent:
        await connection.execute(Q.empty_units, *_columns(spent))
    number, packets = None, {}
    if formed or standing:
        number, last = await _next_publication(connection, len(formed), reason, now)
        packets = dict(enumerate(formed, last - len(formed) + 1))
    packet_of = {unit.key: id_ for id_, packet in packets.items() for unit in packet.units}
    inserted = [*fresh, *(unit for packet in moving for unit in packet.units)]
    if inserted:
        rows = [_unit_row(unit, packet_of.get(unit.key)) for unit in inserted]
        await connection.execute(Q.insert_units, *_columns(rows))
    packed = [(*unit.key, packet_of[unit.key]) for unit in waited if unit.key in packet_of]
    if packed:
        await connection.execute(Q.pack_units, *_columns(packed))
    if number is None:
        return None
    if standing:
        endings: dict[int, set[str]] = defaultdict(set)
        for row in ending.values():
            endings[row["packet"]].add(ended_by[row["ref"]])
        await connection.execute(
            Q.dissolve, number, list(standing), [",".join(sorted(endings[id_])) for id_ in standing]
        )
    if packets:
        await connection.execute(
            Q.insert_packets, number, *_columns([_packet_row(id_, packet) for id_, packet in packets.items()])
        )
    changes = [*(packet.line for packet in formed), *map(_taken, lines)]
    themes = await _themes(connection, {line.indicator for line in changes})
    return Published(number, await move_cells(connection, number, roll_up(changes, themes, ancestry)))


async def next_publication(connection: Connection, reason: str, now: datetime) -> int:
    """The number of a new publication. Others wait for theirs until this transaction ends."""
    number, _ = await _next_publication(connection, 0, reason, now)
    return number


async def add_lines(
    connection: Connection, number: int, lines: Iterable[Line], taken: Iterable[Line] = ()
) -> list[Move]:
    """Count lines that are public as they are, and no longer count others, in a publication of this transaction.

    Raises KeyError for an area or indicator that is not registered.
    """
    changes = [*lines, *map(_taken, taken)]
    ancestry = await _ancestry(connection, {line.area for line in changes})
    themes = await _themes(connection, {line.indicator for line in changes})
    return await move_cells(connection, number, roll_up(changes, themes, ancestry))


async def move_cells(connection: Connection, number: int, deltas: Mapping[PublicCell, Tally]) -> list[Move]:
    """Add to public cells, each under its next version. The publication of this transaction keeps others away."""
    if not deltas:
        return []
    moved = await connection.fetch(
        Q.move_cells, number, *_columns([(*map(str, cell), *_numbers(delta)) for cell, delta in deltas.items()])
    )
    after = {_cell(row): (tally_of(row), row["version"]) for row in moved}
    return [Move(cell, after[cell][0] + -delta, *after[cell]) for cell, delta in deltas.items()]


def tally_of(row: Record) -> Tally:
    """The tally in a row of unit, packet, observation, public_line or published."""
    histogram = tuple(row["histogram"])
    return Tally(
        row["respondents"],
        row["n"],
        int(row["total"]),
        int(row["squares"]),
        row["spread_n"],
        row["numerator"],
        row["denominator"],
        histogram if any(histogram) else (),
    )


def _moving(
    incoming: Mapping[Key, Unit], ending: Mapping[Key, Record], standing: Mapping[int, Record]
) -> list[_Packet]:
    """Packets of which all units come back as they were under one indicator: they are public in the same company."""
    back: dict[int, list[Unit]] = defaultdict(list)
    for key, unit in incoming.items():
        row = ending.get(key)
        if row is not None and row["packet"] in standing and _same(unit, _unit(row)):
            back[row["packet"]].append(unit)
    return [
        _Packet(Line(units[0].indicator, units[0].source, row["area"], row["period"], tally_of(row)), tuple(units))
        for id_, units in back.items()
        for row in [standing[id_]]
        if len(units) == row["units"] and len({unit.pool for unit in units}) == 1
    ]


def _stays(ours: Unit | None, theirs: Unit) -> bool:
    return ours is not None and ours.indicator == theirs.indicator and _same(ours, theirs)


def _same(ours: Unit, theirs: Unit) -> bool:
    return (ours.source, ours.area, ours.period, ours.tally) == (
        theirs.source,
        theirs.area,
        theirs.period,
        theirs.tally,
    )


def _form(waiting: Iterable[Unit], ancestry: Mapping[str, Areas], thresholds: Thresholds) -> list[_Packet]:
    pools: dict[tuple[str, str, str], dict[Key, Unit]] = defaultdict(dict)
    for unit in waiting:
        pools[unit.pool][unit.key] = unit
    packets = []
    for _, units in sorted(pools.items()):
        one = next(iter(units.values()))
        for packet in form(
            [Waiting(*u.key, ancestry[u.area], u.period, u.tally.respondents) for u in units.values()],
            thresholds.of(one.source),
        ):
            chosen = tuple(units[each.key] for each in packet.units)
            tally = together([unit.tally for unit in chosen], packet.respondents)
            packets.append(_Packet(Line(one.indicator, one.source, packet.area, packet.period, tally), chosen))
    return packets


async def _next_publication(connection: Connection, packets: int, reason: str, now: datetime) -> tuple[int, int]:
    """The number of a new publication, and of its last packet."""
    [row] = await connection.fetch(Q.next_publication, packets, now, reason)
    return row["number"], row["packets"]


async def _standing(connection: Connection, ending: Iterable[Record]) -> Sequence[Record]:
    ids = {row["packet"] for row in ending} - {None}
    return await connection.fetch(Q.standing_packets, list(ids)) if ids else []


async def _waiting(connection: Connection, pools: Iterable[tuple[str, str, str]]) -> Sequence[Record]:
    columns = _columns(list(pools))
    return await connection.fetch(Q.waiting, *columns) if columns else []


async def _ancestry(connection: Connection, areas: Iterable[str]) -> dict[str, Areas]:
    """Those above these areas, and above each of those."""
    found: dict[str, Areas] = {}
    for row in await connection.fetch(Q.ancestry, list(areas)):
        found[row["area"]] = (*found.get(row["area"], ()), (AreaLevel(row["level"]), row["code"]))
    return {areas[height][1]: areas[height:] for areas in found.values() for height in range(len(areas))}


async def _themes(connection: Connection, indicators: Iterable[str]) -> dict[str, Theme]:
    return {row["code"]: Theme(row["theme"]) for row in await connection.fetch(Q.themes, list(indicators))}


def _taken(line: Line) -> Line:
    return Line(line.indicator, line.source, line.area, line.period, -line.tally)


def _line(row: Record) -> Line:
    return Line(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], tally_of(row))


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


def _cell(row: Record) -> PublicCell:
    return PublicCell(
        AggregateKind(row["kind"]),
        row["code"],
        SourceKind(row["source"]),
        row["area"],
        row["period"],
        Theme(row["theme"]),
        AreaLevel(row["level"]),
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
        *_numbers(unit.tally),
    )


def _packet_row(id_: int, packet: _Packet) -> tuple[object, ...]:
    line = packet.line
    events = ",".join(sorted({unit.event for unit in packet.units}))
    return (
        id_,
        line.indicator,
        line.source.value,
        line.area,
        line.period,
        *_numbers(line.tally),
        len(packet.units),
        events,
    )


def _numbers(tally: Tally) -> tuple[object, ...]:
    """As columns; arrays do not nest in unnest(), so the histogram goes as text."""
    return (
        tally.respondents,
        tally.n,
        tally.total,
        tally.squares,
        tally.spread_n,
        tally.numerator,
        tally.denominator,
        ",".join(map(str, tally.histogram)),
    )


def _columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
