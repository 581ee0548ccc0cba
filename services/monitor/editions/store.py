"""Postgres of editions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from shared.contracts.monitor import BaselineRecorded
from shared.database import Connection, Record, queries

from .edition import GENERATOR, EditionDigest, FileKind
from .file import PRESENT, Frozen, FrozenBaselineFact, FrozenVersion, Head

_Q = queries(Path(__file__).with_name("editions.sql"))
#: One that is being made may take minutes.
_PATIENCE = 900.0


async def one_at_a_time(connection: Connection) -> None:
    """Until this transaction ends no one else publishes an edition: so each has one before it."""
    await connection.execute(_Q.one_at_a_time, timeout=_PATIENCE)


async def half_public(connection: Connection, moment: datetime) -> Record | None:
    """A file of observations from before a moment that is not all public yet, and how many steps it has left."""
    return await connection.fetchrow(_Q.half_public, moment)


async def versions(connection: Connection) -> tuple[FrozenVersion, ...]:
    """The versions of indicators, as an edition keeps them."""
    return tuple(FrozenVersion(**row) for row in await connection.fetch(_Q.versions))


async def baseline_at(connection: Connection, moment: datetime) -> tuple[FrozenBaselineFact, ...]:
    """The facts of the baseline that were told at or before a moment, as an edition keeps them."""
    return tuple(
        FrozenBaselineFact(**{**row, "areas": tuple(row["areas"])})
        for row in await connection.fetch(_Q.baseline_at, BaselineRecorded.type, moment)
    )


async def last(connection: Connection) -> str | None:
    """The id of the newest edition."""
    id_: str | None = await connection.fetchval(_Q.last)
    return id_


async def insert(
    connection: Connection,
    head: Head,
    frozen: Frozen,
    cells: int,
    files: dict[FileKind, EditionDigest],
    previous: str | None,
    now: datetime,
) -> None:
    """Store an edition with the positions in the log at its cut."""
    position = await connection.fetchrow(_Q.positions, head.publication)
    await connection.execute(
        _Q.insert,
        *(head.edition, head.title, head.publication, head.cut_at),
        *((position["watermarks"], position["outbox"]) if position else ("[]", 0)),
        msgspec.json.encode(frozen).decode(),
        *(PRESENT, GENERATOR, cells),
        *(files["csv"].bytes, files["csv"].sha256, files["json"].bytes, files["json"].sha256),
        *(previous, now),
    )


async def series(connection: Connection, edition: str | None) -> Sequence[Record]:
    """The edition of an id, or all in the order in which they were published."""
    return await connection.fetch(_Q.series, edition)


async def frozen_with(connection: Connection, edition: str) -> Frozen:
    """The names, definitions and baseline that an edition keeps."""
    return msgspec.json.decode(await connection.fetchval(_Q.frame, edition), type=Frozen)
