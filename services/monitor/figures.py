"""Postgres of the monitor's figures: contributions in, cells merged, both exactly reversible."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import AggregateKind, AreaLevel, Theme
from shared.database import Connection, Record

from .domain import NOTHING, Ancestry, Cell, Contribution, Figure, LearningKey
from .store import Q, learning_keys


@dataclass(frozen=True, slots=True)
class Moved:
    """A cell before and after; `version` counts how often it moved."""

    cell: Cell
    before: Figure
    after: Figure
    version: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cells to list; None is any."""

    kind: str | None = None
    code: str | None = None
    theme: str | None = None
    level: str | None = None
    area: str | None = None
    period: str | None = None


async def present_keys(connection: Connection) -> list[LearningKey]:
    """The learning keys, held still until this transaction ends."""
    await connection.execute(Q.fold_with_present_keys)
    return await learning_keys(connection)


async def ancestry(connection: Connection, municipalities: Iterable[str]) -> Ancestry:
    """Each known municipality with its region and province."""
    return {
        row["municipality"]: (
            (AreaLevel.MUNICIPALITY, row["municipality"]),
            (AreaLevel.REGION, row["region"]),
            (AreaLevel.PROVINCE, row["province"]),
        )
        for row in await connection.fetch(Q.ancestry, list(municipalities))
    }


async def withdrawn_before(connection: Connection, dialogues: Iterable[str]) -> set[str]:
    """Which of these dialogues were withdrawn in an earlier batch."""
    return {row["id"] for row in await connection.fetch(Q.withdrawn_before, list(dialogues))}


async def mark(connection: Connection, held: Mapping[str, date], withdrawn: Iterable[str]) -> None:
    """Remember which dialogues came and went."""
    if held:
        await connection.execute(Q.mark_held, list(held), list(held.values()))
    await connection.execute(Q.mark_withdrawn, list(withdrawn))


async def put_contributions(connection: Connection, contributions: Sequence[Contribution]) -> None:
    """Store what dialogues count for."""
    if not contributions:
        return
    rows = [
        (c.dialogue, c.number, c.indicator, c.theme, c.municipality, c.period, _array(c.scores)) for c in contributions
    ]
    await connection.execute(Q.insert_contributions, *map(list, zip(*rows, strict=True)))


async def take_contributions(connection: Connection, dialogues: Iterable[str]) -> list[Contribution]:
    """Remove and return what these dialogues counted for."""
    rows = await connection.fetch(Q.take_contributions, list(dialogues))
    return [
        Contribution(
            row["dialogue"],
            row["number"],
            row["indicator"],
            Theme(row["theme"]),
            row["area"],
            row["period"],
            tuple(row["scores"]),
        )
        for row in rows
    ]


async def merge(connection: Connection, deltas: Mapping[Cell, Figure]) -> list[Moved]:
    """Add deltas to their cells; a cell in which nothing is left disappears."""
    if not deltas:
        return []
    keys = _columns(deltas)
    versions = {_key(row): row["version"] for row in await connection.fetch(Q.lock_cells, *keys)}
    present = {_key(row): figure(row) for row in await connection.fetch(Q.get_cells, *keys)}
    moved = []
    for cell, delta in deltas.items():
        key = (cell.kind.value, cell.code, cell.area, cell.period)
        before = present.get(key, NOTHING)
        moved.append(Moved(cell, before, before + delta, versions[key]))
    left = [move for move in moved if move.after != NOTHING]
    if left:
        rows = [(*map(str, move.cell), *_values(move.after)) for move in left]
        await connection.execute(Q.put_aggregates, *map(list, zip(*rows, strict=True)))
    gone = [move.cell for move in moved if move.after == NOTHING]
    if gone:
        await connection.execute(Q.drop_aggregates, *_columns(gone))
    return moved


async def rebuilt(connection: Connection) -> list[Moved]:
    """The cells in which a finished rebuild differs from what is live, each under its next version."""
    before = {_cell(row): figure(row) for row in await connection.fetch(Q.only_live)}
    after = {_cell(row): figure(row) for row in await connection.fetch(Q.only_rebuilt)}
    cells = sorted(before.keys() | after.keys())
    if not cells:
        return []
    versions = {_key(row): row["version"] for row in await connection.fetch(Q.lock_cells, *_columns(cells))}
    return [
        Moved(
            cell,
            before.get(cell, NOTHING),
            after.get(cell, NOTHING),
            versions[cell.kind.value, cell.code, cell.area, cell.period],
        )
        for cell in cells
    ]


async def list_cells(
    connection: Connection, filters: Filters, after: tuple[str, str, str, str] | None, limit: int
) -> list[tuple[Cell, Figure]]:
    """Cells by kind, code, area and period, past `after`."""
    rows = await connection.fetch(
        Q.list_aggregates,
        filters.kind,
        filters.code,
        filters.theme,
        filters.level,
        filters.area,
        filters.period,
        *(after or (None, None, None, None)),
        limit,
    )
    return [(_cell(row), figure(row)) for row in rows]


def figure(row: Record) -> Figure:
    """The figure in a row."""
    return Figure(
        row["findings"], row["respondents"], row["n"], row["sum"], row["sum_squares"], tuple(row["histogram"])
    )


def _cell(row: Record) -> Cell:
    return Cell(
        AggregateKind(row["kind"]),
        row["code"],
        Theme(row["theme"]),
        AreaLevel(row["level"]),
        row["area"],
        row["period"],
    )


def _key(row: Record) -> tuple[str, str, str, str]:
    return row["kind"], row["code"], row["area"], row["period"]


def _columns(cells: Iterable[Cell]) -> list[list[str]]:
    return [list(column) for column in zip(*((c.kind.value, c.code, c.area, c.period) for c in cells), strict=True)]


def _values(total: Figure) -> tuple[int, int, int, int, int, str]:
    return total.findings, total.respondents, total.n, total.sum, total.sum_squares, _array(total.histogram)


def _array(counts: Sequence[int]) -> str:
    """Arrays do not nest in unnest(): one goes as text."""
    return ",".join(map(str, counts))


async def periods(connection: Connection) -> list[str]:
    """The months that have figures, newest first."""
    return [row["period"] for row in await connection.fetch(Q.list_periods)]
