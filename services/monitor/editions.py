"""Editions: frozen publications. Their files are made again from the log, and must be the same to the byte."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from shared import outbox
from shared.contracts.monitor import BaselineRecorded, EditionPublished
from shared.database import Connection, Record, queries
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Conflict, Invalid, NotFound

from . import cuts, history
from .edition_file import PRESENT, WRITERS, Frozen, FrozenBaselineFact, FrozenCells, FrozenVersion, Head, Writer
from .history import Frame

Q = queries(Path(__file__).parent / "sql" / "editions.sql")
FileKind = Literal["csv", "json"]
KINDS: tuple[FileKind, ...] = ("csv", "json")
GENERATOR = "veerkracht-monitor 1.0.0"
#: One that is being made may take minutes.
_PATIENCE = 900.0


class EditionDiffers(Exception):
    """What was made from the log is not what was published."""


@dataclass(frozen=True, slots=True)
class WantedEdition:
    """An edition to be: cut at a publication or at a moment, else at the newest publication."""

    id: str
    title: str
    publication: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EditionDigest:
    """What a file must be."""

    bytes: int
    sha256: str


class LogPosition(msgspec.Struct, frozen=True, rename="camel"):
    """How far a partition was read."""

    topic: str
    partition: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen publication. `watermarks` and `outbox` are the positions in the log at its cut."""

    head: Head
    watermarks: tuple[LogPosition, ...]
    outbox: int
    format: int
    generator: str
    cells: int
    files: dict[FileKind, EditionDigest]
    previous: str | None
    next: str | None
    published_at: datetime


async def publish(connection: Connection, wanted: WantedEdition, cause: Cause) -> bool:
    """Freeze the figures as they stand at a cut, and say so; False when exactly this edition is there.

    Reads what committed publications say, which never changes: it neither waits for those that are at work nor holds
    them up, and each is in it wholly or not at all.
    """
    await connection.execute(Q.one_at_a_time, timeout=_PATIENCE)
    publication, cut_at = await _cut(connection, wanted, cause.now)
    there = await find(connection, wanted.id)
    if there is not None:
        asked = wanted.publication is not None or wanted.at is not None
        if there.head.title != wanted.title or (asked and there.head.publication != publication):
            raise Conflict("id-in-use", f"Onder het kenmerk {wanted.id} is al een andere editie uitgebracht.", "#/id")
        return False
    half = await connection.fetchrow(Q.half_public, cut_at)
    if half is not None:
        raise Conflict(
            "file-half-public",
            f"Van het bestand {half['file_name']} is nog niet alles openbaar: nog te doen: {half['steps']}. Probeer "
            "het straks weer, of kies een eerder moment.",
        )
    head = Head(wanted.id, wanted.title, publication, cut_at)
    frozen = await _freeze(connection, cut_at)
    cells, files = await _measure(connection, head, frozen)
    position = await connection.fetchrow(Q.positions, publication)
    previous: str | None = await connection.fetchval(Q.last)
    await connection.execute(
        Q.insert,
        *(head.edition, head.title, head.publication, head.cut_at),
        *((position["watermarks"], position["outbox"]) if position else ("[]", 0)),
        msgspec.json.encode(frozen).decode(),
        *(PRESENT, GENERATOR, cells),
        *(files["csv"].bytes, files["csv"].sha256, files["json"].bytes, files["json"].sha256),
        *(previous, cause.now),
    )
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


async def find(connection: Connection, edition: str) -> Edition | None:
    """The edition of an id."""
    row = await connection.fetchrow(Q.series, edition)
    return None if row is None else _edition(row)


async def get(connection: Connection, edition: str) -> Edition:
    """The edition of an id. Raises NotFound."""
    found = await find(connection, edition)
    if found is None:
        raise NotFound("unknown-edition", f"Er is geen editie {edition}.")
    return found


async def series(connection: Connection) -> list[Edition]:
    """All editions, in the order in which they were published."""
    return [_edition(row) for row in await connection.fetch(Q.series, None)]


async def frozen_with(connection: Connection, edition: Edition) -> Frozen:
    """The names, definitions and baseline that an edition keeps."""
    return msgspec.json.decode(await connection.fetchval(Q.frame, edition.head.edition), type=Frozen)


async def write(connection: Connection, edition: Edition, kind: FileKind, out: BinaryIO | None) -> None:
    """Make a file from the log again. Raises Differs when it is not what was published: then use nothing of `out`."""
    wanted = edition.files[kind]
    frozen = await frozen_with(connection, edition)
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
        async for cells in history.state_at(connection, head.publication, frame):
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
        return await cuts.at(connection, wanted.at), wanted.at
    if wanted.publication is None:
        return await history.newest(connection), now
    number = await cuts.existing(connection, wanted.publication)
    return number, await cuts.moment_of(connection, number) or now


async def _freeze(connection: Connection, cut_at: datetime) -> Frozen:
    frame = await history.present_frame(connection)
    return Frozen(
        frame.areas,
        frame.indicators,
        tuple(FrozenVersion(**row) for row in await connection.fetch(Q.versions)),
        tuple(
            FrozenBaselineFact(**{**row, "areas": tuple(row["areas"])})
            for row in await connection.fetch(Q.baseline_at, BaselineRecorded.type, cut_at)
        ),
    )


def _edition(row: Record) -> Edition:
    return Edition(
        head=Head(row["id"], row["title"], row["publication"], row["cut_at"]),
        watermarks=msgspec.json.decode(row["watermarks"], type=tuple[LogPosition, ...]),
        outbox=row["outbox"],
        format=row["format"],
        generator=row["generator"],
        cells=row["cells"],
        files={
            "csv": EditionDigest(row["csv_bytes"], row["csv_sha256"]),
            "json": EditionDigest(row["json_bytes"], row["json_sha256"]),
        },
        previous=row["previous"],
        next=row["next"],
        published_at=row["published_at"],
    )
