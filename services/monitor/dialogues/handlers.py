"""A learning key that is new or otherwise counts again what it touches: first exact figures, then what is public."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared import outbox
from shared.contracts.monitor import LearningKeyPublished
from shared.contracts.registers import LearningKeyCorrected, LearningKeyWithdrawn
from shared.database import Connection, shadow
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid
from shared.revisions import Asked, revise

from ..areas import register
from ..figure.cells import add_to
from ..indicators.handlers import require_scored
from ..publication.domain import FigureMove, Thresholds, Unit
from ..publication.handlers import publish
from . import learning_key, store
from .domain import PROGRAMME_START, Contribution, ExactCell, ExactFigure, LearningKey, contributions, deltas
from .store import Held
from .units import ref_of, units_of

#: Dialogues counted again at a stretch.
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Recount:
    """What a learning key did: how many dialogues were counted again, and the public figures that moved in
    `publication`, if any.

    Whether one of them counts otherwise tells what was said in it: how many do is told to nobody.
    """

    dialogues: int
    publication: int | None
    moved: Sequence[FigureMove]


async def publish_learning_key(
    connection: Connection, key: LearningKeyPublished, cause: Cause, thresholds: Thresholds
) -> Recount | None:
    """Publish the next version and count again, by it, all dialogues held from its first day on. None for a repeat."""
    await _check(connection, key)
    await learning_key.shut_out_folding(connection)
    version = await learning_key.latest_learning_key(connection)
    if key.version <= version:
        await outbox.require_repeat(connection, key, "#/version")
        return None
    if key.version != version + 1:
        raise Conflict("version-skipped", f"De volgende versie is {version + 1}.", "#/version")
    await _require_findings(connection, key.valid_from)
    event = await learning_key.insert_learning_key(connection, key, cause)
    return await count_again(connection, key.valid_from, event, cause, thresholds)


async def correct_learning_key(
    connection: Connection, asked: Asked[LearningKeyPublished], cause: Cause, thresholds: Thresholds
) -> Recount | None:
    """Say what a version was from the start, and count again by it. None when exactly this is there."""
    await _check(connection, asked.subject)
    await learning_key.shut_out_folding(connection)
    there = await learning_key.require_learning_key(connection, asked.subject.version)
    said = await outbox.history(connection, there)
    revision = revise(said, LearningKeyCorrected, asked.grounds, asked.subject)
    if revision is None:
        return None
    since = min(there.valid_from, revision.valid_from)
    await _require_findings(connection, since)
    event = await learning_key.save_learning_key(connection, revision, cause)
    return await count_again(connection, since, event, cause, thresholds)


async def withdraw_learning_key(
    connection: Connection, asked: Asked[int], cause: Cause, thresholds: Thresholds
) -> Recount | None:
    """Withdraw the newest version, and count again by the one before. None when it was withdrawn already."""
    await learning_key.shut_out_folding(connection)
    there = await learning_key.require_learning_key(connection, asked.subject)
    revision = revise(await outbox.history(connection, there), LearningKeyWithdrawn, asked.grounds)
    if revision is None:
        return None
    newest = await learning_key.newest_standing(connection)
    if newest != there.version:
        raise Conflict("not-newest", f"Versie {newest} komt erna: trek die eerst in.")
    await _require_findings(connection, there.valid_from)
    event = await learning_key.save_learning_key(connection, revision, cause)
    return await count_again(connection, there.valid_from, event, cause, thresholds)


async def _check(connection: Connection, key: LearningKeyPublished) -> None:
    if len({mapping.topic for mapping in key.mappings}) < len(key.mappings):
        raise Invalid("topic-twice", "Elk onderwerp mag één keer voorkomen.", "#/mappings")
    if key.valid_from < PROGRAMME_START:
        raise Invalid(
            "before-programme", f"Het programma begint op {PROGRAMME_START}: kies die dag of later.", "#/validFrom"
        )
    await require_scored(connection, [mapping.indicator for mapping in key.mappings], "#/mappings/{}/indicator")


async def _require_findings(connection: Connection, since: date) -> None:
    if forgotten := await store.forgotten_since(connection, since):
        raise Conflict(
            "findings-not-kept",
            f"Van {forgotten} dialogen vanaf {since} zijn de bevindingen hier nog niet bewaard: laat de "
            f"beheerder eerst `python -m services.monitor rebuild` draaien, of kies een latere datum.",
            "#/validFrom",
        )


async def count_again(connection: Connection, since: date, event: str, cause: Cause, thresholds: Thresholds) -> Recount:
    """Count all dialogues held from a day on by the present keys, publish what follows and tell it, in the caller's
    transaction, which has shut out folding. `event` is the id of what made this necessary.

    What was public under one indicator moves to another in the packets it was in. A packet of which a part moves is
    dissolved: what stays behind is not public again. A key that is valid from 1 January divides none.
    """
    keys = await learning_key.learning_keys(connection)
    found = await _recount(connection, since, keys)
    await _recount_shadow(connection, since, keys)
    following = replace(cause, causation_id=event, kept=None)
    publication = await publish(
        connection,
        found.units,
        [(ref_of(dialogue), event) for dialogue in found.dialogues],
        "learning-key",
        cause.now,
        thresholds,
        lambda _: following,
    )
    number, moved = (publication.number, publication.moved) if publication else (None, ())
    return Recount(found.standing, number, moved)


@dataclass(slots=True)
class _Recounted:
    """How many dialogues were counted again; those that count otherwise, and their units."""

    standing: int
    dialogues: list[str]
    units: list[Unit]


async def _recount(connection: Connection, since: date, keys: Sequence[LearningKey]) -> _Recounted:
    standing = 0
    dialogues: list[str] = []
    units: list[Unit] = []
    changes: dict[ExactCell, ExactFigure] = {}
    after = ""
    while held := await store.held_since(connection, since, after, _CHUNK):
        after = held[-1].dialogue
        standing += len(held)
        old = await store.contributions_of(connection, [one.dialogue for one in held])
        new = {one.dialogue: contributions(one.dialogue, one.area, one.held_on, one.findings, keys) for one in held}
        touched = [one for one in held if new[one.dialogue] != old.get(one.dialogue, [])]
        if not touched:
            continue
        counted = [each for one in touched for each in new[one.dialogue]]
        dialogues += [one.dialogue for one in touched]
        units += units_of(counted, {one.dialogue: one.event for one in touched})
        add_to(changes, (await _replace(connection, touched, counted)).items())
    await store.merge(connection, {cell: figure for cell, figure in changes.items() if figure})
    return _Recounted(standing, dialogues, units)


async def _replace(
    connection: Connection, touched: Sequence[Held], counted: Sequence[Contribution]
) -> dict[ExactCell, ExactFigure]:
    taken_back = await store.take_contributions(connection, [one.dialogue for one in touched])
    await store.put_contributions(connection, counted)
    ancestry = await register.ancestry(connection, {c.place for c in (*counted, *taken_back)})
    return deltas(counted, taken_back, ancestry)


async def _recount_shadow(connection: Connection, since: date, keys: Sequence[LearningKey]) -> None:
    """The figures of a rebuild that is under way, by its own tables."""
    schema = shadow("monitor")
    if not await store.has_shadow(connection, schema):
        return
    await connection.execute(f"SET LOCAL search_path TO {schema}, monitor")
    await _recount(connection, since, keys)
    await connection.execute("SET LOCAL search_path TO monitor")
