"""Postgres of the exact figures: contributions in, cells merged, both exactly reversible. None of it is public."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from shared.contracts.community import Finding
from shared.contracts.vocabulary import Theme
from shared.database import Connection, Record, queries
from shared.projections.decoding import Poison

from ..figure.tally import MILLION
from .domain import Contribution, ExactCell, ExactFigure

_Q = queries(Path(__file__).with_name("dialogues.sql"))
_NO_SCORES = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Held:
    """A dialogue that was held in `area`, the smallest known, and what it found. `event` is the id of what said so."""

    dialogue: str
    held_on: date
    area: str
    findings: tuple[Finding, ...]
    event: str


async def withdrawn_before(connection: Connection, dialogues: Iterable[str]) -> set[str]:
    """Which of these dialogues were withdrawn in an earlier batch."""
    return {row["id"] for row in await connection.fetch(_Q.withdrawn_before, list(dialogues))}


async def mark(connection: Connection, held: Sequence[Held], withdrawn: Iterable[str]) -> None:
    """Remember which dialogues came and went, and what those that stand said."""
    if held:
        rows = [(d.dialogue, d.held_on, d.area, msgspec.json.encode(d.findings).decode(), d.event) for d in held]
        await connection.execute(_Q.mark_held, *map(list, zip(*rows, strict=True)))
    await connection.execute(_Q.mark_withdrawn, list(withdrawn))


async def put_contributions(connection: Connection, contributions: Sequence[Contribution]) -> None:
    """Store what dialogues count for."""
    if not contributions:
        return
    rows = [(c.dialogue, c.number, c.indicator, c.theme, c.area, c.period, _array(c.scores)) for c in contributions]
    await connection.execute(_Q.insert_contributions, *map(list, zip(*rows, strict=True)))


async def take_contributions(connection: Connection, dialogues: Iterable[str]) -> list[Contribution]:
    """Remove and return what these dialogues counted for."""
    return [contribution_of(row) for row in await connection.fetch(_Q.take_contributions, list(dialogues))]


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
        for row in await connection.fetch(_Q.held_since, since, after, limit)
    ]


async def contributions_of(connection: Connection, dialogues: Iterable[str]) -> dict[str, list[Contribution]]:
    """What each of these dialogues counts for, finding by finding."""
    found: dict[str, list[Contribution]] = {}
    for row in await connection.fetch(_Q.contributions_of, list(dialogues)):
        found.setdefault(row["dialogue"], []).append(contribution_of(row))
    return found


async def forgotten_since(connection: Connection, since: date) -> int:
    """How many dialogues that stand were folded before their findings were kept."""
    count: int = await connection.fetchval(_Q.forgotten_since, since)
    return count


async def merge(connection: Connection, deltas: Mapping[ExactCell, ExactFigure]) -> None:
    """Add deltas to their cells; a cell in which nothing is left disappears.

    Raises Poison when less than nothing would be left: the tables are damaged, and a rebuild mends them.
    """
    if not deltas:
        return
    rows = [(*map(str, cell), *_values(figure)) for cell, figure in deltas.items()]
    empty = await connection.fetch(_Q.merge_aggregates, *map(list, zip(*rows, strict=True)))
    if below := [tuple(row) for row in empty if row["findings"] < 0]:
        raise Poison(f"more was taken back than was counted: {below[:3]}")
    if empty:
        keys = [(row["kind"], row["code"], row["area"], row["period"]) for row in empty]
        await connection.execute(_Q.drop_aggregates, *map(list, zip(*keys, strict=True)))


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


def _values(figure: ExactFigure) -> tuple[int, int, int, int, int, str]:
    """As columns: scores are whole, so their sums are kept as such."""
    tally = figure.tally
    return (
        figure.findings,
        tally.respondents,
        tally.n,
        tally.total // MILLION,
        tally.squares // (MILLION * MILLION),
        _array(tally.histogram or _NO_SCORES),
    )


def _array(counts: Sequence[int]) -> str:
    """Arrays do not nest in unnest(): one goes as text."""
    return ",".join(map(str, counts))


async def astray(connection: Connection) -> Sequence[Record]:
    """At the end of a rebuild, before the swap: what dialogues count for in the shadow beside the units there are."""
    return await connection.fetch(_Q.astray)


async def has_shadow(connection: Connection, schema: str) -> bool:
    """Whether a rebuild of the exact figures is under way."""
    return await connection.fetchval("SELECT to_regclass($1)", f"{schema}.dialogue") is not None
