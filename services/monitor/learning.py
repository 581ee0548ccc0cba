"""A new learning key counts again what it touches: the exact figures by dialogue, then what is public of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared import outbox
from shared.database import Connection, shadow
from shared.outbox.cause import Cause

from . import figures
from .domain import NOTHING, Contribution, ExactCell, ExactFigure, LearningKey, contributions, deltas
from .figures import Held
from .impact.judging import judge_figures
from .publishing import FigureMove, publish
from .release import Thresholds, Unit
from .store import learning_keys
from .telling import moved_drafts
from .units import ref_of, units_of

#: Dialogues counted again at a stretch.
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Changed:
    """What a learning key changed: how many dialogues count otherwise, how many exact figures that moved, and the
    public ones that moved in `publication`, if any."""

    dialogues: int
    figures: int
    publication: int | None
    moved: Sequence[FigureMove]


async def count_again(connection: Connection, since: date, event: str, cause: Cause, thresholds: Thresholds) -> Changed:
    """Count all dialogues held from a day on by the present keys, publish what follows and tell it, in the caller's
    transaction, which has shut out folding. `event` is the id of what made this necessary.

    What was public under one indicator moves to another in the packets it was in. A packet of which a part moves is
    dissolved: what stays behind is not public again. A key that is valid from 1 January divides none.
    """
    keys = await learning_keys(connection)
    again = await _exactly(connection, since, keys)
    await _in_shadow(connection, since, keys)
    published = await publish(
        connection,
        again.units,
        [(ref_of(dialogue), event) for dialogue in again.dialogues],
        "learning-key",
        cause.now,
        thresholds,
    )
    if published is None:
        return Changed(len(again.dialogues), again.figures, None, ())
    following = replace(cause, causation_id=event, kept=None)
    await outbox.append(connection, moved_drafts(published, lambda _: following))
    await judge_figures(connection, [move.cell for move in published.moved], cause.now, following)
    return Changed(len(again.dialogues), again.figures, published.number, published.moved)


@dataclass(slots=True)
class _Again:
    """The dialogues that count otherwise, their units, and how many exact figures moved."""

    dialogues: list[str]
    units: list[Unit]
    figures: int


async def _exactly(connection: Connection, since: date, keys: Sequence[LearningKey]) -> _Again:
    dialogues: list[str] = []
    units: list[Unit] = []
    changes: dict[ExactCell, ExactFigure] = {}
    after = ""
    while held := await figures.held_since(connection, since, after, _CHUNK):
        after = held[-1].dialogue
        old = await figures.contributions_of(connection, [one.dialogue for one in held])
        new = {one.dialogue: contributions(one.dialogue, one.area, one.held_on, one.findings, keys) for one in held}
        touched = [one for one in held if new[one.dialogue] != old.get(one.dialogue, [])]
        if not touched:
            continue
        counted = [each for one in touched for each in new[one.dialogue]]
        dialogues += [one.dialogue for one in touched]
        units += units_of(counted, {one.dialogue: one.event for one in touched})
        for cell, figure in (await _replace(connection, touched, counted)).items():
            changes[cell] = changes[cell] + figure if cell in changes else figure
    changes = {cell: figure for cell, figure in changes.items() if figure != NOTHING}
    await figures.merge(connection, changes)
    return _Again(dialogues, units, len(changes))


async def _replace(
    connection: Connection, touched: Sequence[Held], counted: Sequence[Contribution]
) -> dict[ExactCell, ExactFigure]:
    taken_back = await figures.take_contributions(connection, [one.dialogue for one in touched])
    await figures.put_contributions(connection, counted)
    ancestry = await figures.ancestry(connection, {c.area for c in (*counted, *taken_back)})
    return deltas(counted, taken_back, ancestry)


async def _in_shadow(connection: Connection, since: date, keys: Sequence[LearningKey]) -> None:
    """The figures of a rebuild that is under way, by its own tables."""
    schema = shadow("monitor")
    if await connection.fetchval("SELECT to_regclass($1)", f"{schema}.dialogue") is None:
        return
    await connection.execute(f"SET LOCAL search_path TO {schema}, monitor")
    await _exactly(connection, since, keys)
    await connection.execute("SET LOCAL search_path TO monitor")
