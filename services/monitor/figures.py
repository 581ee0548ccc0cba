"""Postgres of the exact figures: contributions in, cells merged, both exactly reversible. None of it is public."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from shared.contracts.community import Finding
from shared.contracts.vocabulary import AreaLevel, Theme
from shared.database import Connection, Record
from shared.projections.decoding import Poison

from .domain import Ancestry, Contribution, ExactCell, ExactFigure, LearningKey
from .store import Q, learning_keys


@dataclass(frozen=True, slots=True)
class Held:
    """A dialogue that was held in `area`, the smallest known, and what it found. `event` is the id of what said so."""

    dialogue: str
    held_on: date
    area: str
    findings: tuple[Finding, ...]
    event: str


async def present_keys(connection: Connection) -> list[LearningKey]:
    """The learning keys, held still until this transaction ends."""
    await connection.execute(Q.fold_with_present_keys)
    return await learning_keys(connection)


async def ancestry(connection: Connection, areas: Iterable[str]) -> Ancestry:
    """Each known area with those above it, lowest first."""
    found: dict[str, list[tuple[AreaLevel, str]]] = {}
    for row in await connection.fetch(Q.ancestry, list(areas)):
        found.setdefault(row["of"], []).append((AreaLevel(row["level"]), row["code"]))
    return {area: tuple(above) for area, above in found.items()}


async def withdrawn_before(connection: Connection, dialogues: Iterable[str]) -> set[str]:
    """Which of these dialogues were withdrawn in an earlier batch."""
    return {row["id"] for row in await connection.fetch(Q.withdrawn_before, list(dialogues))}


async def mark(connection: Connection, held: Sequence[Held], withdrawn: Iterable[str]) -> None:
    """Remember which dialogues came and went, and what those that stand said."""
    if held:
        rows = [(d.dialogue, d.held_on, d.area, msgspec.json.encode(d.findings).decode(), d.event) for d in held]
        await connection.execute(Q.mark_held, *map(list, zip(*rows, strict=True)))
    await connection.execute(Q.mark_withdrawn, list(withdrawn))


async def put_contributions(connection: Connection, contributions: Sequence[Contribution]) -> None:
    """Store what dialogues count for."""
    if not contributions:
        return
    rows = [(c.dialogue, c.number, c.indicator, c.theme, c.area, c.period, _array(c.scores)) for c in contributions]
    await connection.execute(Q.insert_contributions, *map(list, zip(*rows, strict=True)))


async def take_contributions(connection: Connection, dialogues: Iterable[str]) -> list[Contribution]:
    """Remove and return what these dialogues counted for."""
    return [contribution_of(row) for row in await connection.fetch(Q.take_contributions, list(dialogues))]


async def held_since(connection: Connection, since: date, after: str, limit: int) -> list[Held]:
    """Dialogues that stand, held from a day on, by id past `after`."""
    return [
        Held(
            row["id"],
            row["held_on"],
            row["area"],
            msgspec.json.decode(row["findings"], type=tuple[Finding, ...]),
            row["event"],
        )
        for row in await connection.fetch(Q.held_since, since, after, limit)
    ]


async def contributions_of(connection: Connection, dialogues: Iterable[str]) -> dict[str, list[Contribution]]:
    """What each of these dialogues counts for, finding by finding."""
    found: dict[str, list[Contribution]] = {}
    for row in await connection.fetch(Q.contributions_of, list(dialogues)):
        found.setdefault(row["dialogue"], []).append(contribution_of(row))
    return found


async def forgotten_since(connection: Connection, since: date) -> int:
    """How many dialogues that stand were folded before their findings were kept."""
    count: int = await connection.fetchval(Q.forgotten_since, since)
    return count


async def merge(connection: Connection, deltas: Mapping[ExactCell, ExactFigure]) -> None:
    """Add deltas to their cells; a cell in which nothing is left disappears.

    Raises Poison when less than nothing would be left: the tables are damaged, and a rebuild mends them.
    """
    if not deltas:
        return
    rows = [(*map(str, cell), *_values(figure)) for cell, figure in deltas.items()]
    empty = await connection.fetch(Q.merge_aggregates, *map(list, zip(*rows, strict=True)))
    if below := [tuple(row) for row in empty if row["findings"] < 0]:
        raise Poison(f"more was taken back than was counted: {below[:3]}")
    if empty:
        keys = [(row["kind"], row["code"], row["area"], row["period"]) for row in empty]
        await connection.execute(Q.drop_aggregates, *map(list, zip(*keys, strict=True)))


def contribution_of(row: Record) -> Contribution:
    """The contribution in a row."""
    return Contribution(
        row["dialogue"],
        row["number"],
        row["indicator"],
        Theme(row["theme"]),
        row["area"],
        row["period"],
        tuple(row["scores"]),
    )


def _values(total: ExactFigure) -> tuple[int, int, int, int, int, str]:
    return total.findings, total.respondents, total.n, total.sum, total.sum_squares, _array(total.histogram)


def _array(counts: Sequence[int]) -> str:
    """Arrays do not nest in unnest(): one goes as text."""
    return ",".join(map(str, counts))
