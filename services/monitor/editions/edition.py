"""What an edition is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .file import Head

FileKind = Literal["csv", "json"]
KINDS: tuple[FileKind, ...] = ("csv", "json")
GENERATOR = "veerkracht-monitor 1.0.0"


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


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen publication. Its positions in the log stay in the database: they count events that are not public."""

    head: Head
    format: int
    generator: str
    cells: int
    files: dict[FileKind, EditionDigest]
    previous: str | None
    next: str | None
    published_at: datetime
