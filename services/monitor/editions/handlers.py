"""Editions are published once; their files are made again from the log."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from shared import outbox
from shared.contracts.monitor import EditionPublished
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid

from ..history import cut, log
from ..history.frame import Frame
from . import series, store
from .edition import KINDS, Edition, EditionDiffers, EditionDigest, FileKind, WantedEdition
from .file import PRESENT, WRITERS, Frozen, FrozenCells, Head, Writer


async def publish(connection: Connection, wanted: WantedEdition, cause: Cause) -> bool:
    """Freeze the figures as they stand at a cut, and say so; False when exactly this edition is there.

    Reads what committed publications say, which never changes: it neither waits for those that are at work nor holds
    them up, and each is in it wholly or not at all.
    """
    await store.one_at_a_time(connection)
    publication, cut_at = await _cut(connection, wanted, cause.now)
    there = await series.find(connection, wanted.id)
    if there is not None:
        asked = wanted.publication is not None or wanted.at is not None
        if there.head.title != wanted.title or (asked and there.head.publication != publication):
            raise Conflict("id-in-use", f"Onder het kenmerk {wanted.id} is al een andere editie uitgebracht.", "#/id")
        return False
    half = await store.half_public(connection, cut_at)
    if half is not None:
        raise Conflict(
            "file-half-public",
            f"Van het bestand {half['file_name']} is nog niet alles openbaar: nog te doen: {half['steps']}. Probeer "
            "het straks weer, of kies een eerder moment.",
        )
    head = Head(wanted.id, wanted.title, publication, cut_at)
    frozen = await _freeze(connection, cut_at)
    cells, files = await _measure(connection, head, frozen)
    previous = await store.last(connection)
    await store.insert(connection, head, frozen, cells, files, previous, cause.now)
    said = EditionPublished(
        edition=head.edition,
        title=head.title,
        publication=publication,
        cells=cells,
        sha256=files["csv"].sha256,
        previous=previous,
    )
    await outbox.append(connection, [Draft(said, cause)])
    return True


async def write(connection: Connection, edition: Edition, kind: FileKind, out: BinaryIO | None) -> None:
    """Make a file from the log again. Raises Differs when it is not what was published: then use nothing of `out`."""
    wanted = edition.files[kind]
    frozen = await series.frozen_with(connection, edition)
    sink = _Sink(WRITERS[edition.format][kind](edition.head, frozen), out)
    await _fold(connection, edition.head, frozen, [sink])
    if sink.made() != wanted:
        raise EditionDiffers(
            f"edition {edition.head.edition}.{kind}: published {wanted.bytes} bytes with sha256 {wanted.sha256}, "
            f"but the log now gives {sink.made().bytes} bytes with {sink.made().sha256}"
        )


class _Sink:
    """Writes what a writer makes, counts it and takes its digest; without `out` only those."""

    def __init__(self, writer: Writer, out: BinaryIO | None) -> None:
        self._writer = writer
        self._out = out
        self._digest = hashlib.sha256()
        self._bytes = 0

    def start(self) -> None:
        self._put(self._writer.start())

    def rows(self, cells: FrozenCells) -> None:
        self._put(self._writer.rows(cells))

    def end(self) -> None:
        self._put(self._writer.end())

    def made(self) -> EditionDigest:
        return EditionDigest(self._bytes, self._digest.hexdigest())

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._bytes += len(data)
        if self._out is not None:
            self._out.write(data)


async def _measure(connection: Connection, head: Head, frozen: Frozen) -> tuple[int, dict[FileKind, EditionDigest]]:
    sinks = {kind: _Sink(WRITERS[PRESENT][kind](head, frozen), None) for kind in KINDS}
    cells = await _fold(connection, head, frozen, list(sinks.values()))
    return cells, {kind: sink.made() for kind, sink in sinks.items()}


async def _fold(connection: Connection, head: Head, frozen: Frozen, sinks: Sequence[_Sink]) -> int:
    """Send the state at the cut through the sinks, some cells at a time; the number of cells."""
    count = 0
    for sink in sinks:
        sink.start()
    async with connection.transaction():
        frame = Frame(frozen.areas, frozen.indicators)
        async for cells in log.state_at(connection, head.publication, frame):
            count += len(cells)
            for sink in sinks:
                # Formatting takes longer than fetching: meanwhile others are served.
                await asyncio.to_thread(sink.rows, cells)
    for sink in sinks:
        sink.end()
    return count


async def _cut(connection: Connection, wanted: WantedEdition, now: datetime) -> tuple[int, datetime]:
    if wanted.publication is not None and wanted.at is not None:
        raise Invalid("two-cuts", "Geef publication of at, niet allebei.", "#/at")
    if wanted.at is not None:
        if wanted.at > now:
            raise Invalid("cut-in-future", "at ligt in de toekomst: daar staat nog niets vast.", "#/at")
        return await log.at_moment(connection, wanted.at), wanted.at
    if wanted.publication is None:
        return await log.newest(connection), now
    number = await cut.existing(connection, wanted.publication)
    return number, await cut.moment_of(connection, number) or now


async def _freeze(connection: Connection, cut_at: datetime) -> Frozen:
    frame = await log.present_frame(connection)
    return Frozen(
        frame.areas,
        frame.indicators,
        await store.versions(connection),
        await store.baseline_at(connection, cut_at),
    )
