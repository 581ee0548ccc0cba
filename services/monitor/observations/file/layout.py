"""The one layout of a file of observations, and how a wrong place in it is named. docs/observations.md explains it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from shared.contracts.vocabulary import SourceKind

from .texts import folded

COLUMNS = (
    "indicator",
    "versie",
    "gebied",
    "indeling",
    "periode",
    "bron",
    "methode",
    "waarde",
    "standaardafwijking",
    "teller",
    "noemer",
    "n",
    "verdeling",
)
#: How many of them say what a row is about.
KEYS = 7
SOURCES = {"enquete": SourceKind.SURVEY, "ggd": SourceKind.GGD, "open-data": SourceKind.OPEN_DATA}
#: What a spreadsheet takes for a formula when it stands first in a cell.
FORMULA_MARKS = ("=", "+", "-", "@")

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: where (line from 1, column by name, or cell), what was there, and in Dutch why."""

    line: int
    column: str | None
    value: str | None
    reason: str


class Unreadable(Exception):
    """The file cannot be read from this line on. The message says in Dutch why and what was expected."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be read, while the next ones can: each wrong column with its value, and why."""

    wrong: tuple[tuple[str | None, str | None, str], ...]


#: The texts of one row in the order of COLUMNS; of another length when the row is.
FileRow = Sequence[str]


class Reader(Protocol):
    """An open file: its rows, each with its line; None now and then, for others to get a turn. Iterating raises
    Unreadable."""

    #: What stands before decimals, and why.
    mark: str
    because: str
    #: In which encoding its text is, where it is a file of text.
    encoding: str | None
    #: Rows to read before others get a turn.
    piece: int
    #: Bytes to read, of which `position` have been.
    size: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def position(self) -> int:
        """Bytes read."""
        ...

    def __iter__(self) -> Iterator[tuple[int, FileRow | Broken] | None]:
        """Rows that are not empty, each with its line."""
        ...

    def place(self, line: int, column: str | None) -> str | None:
        """The address of a cell, where cells have one."""
        ...


def order(header: Sequence[str], line: int = 1) -> list[int]:
    """Where each of COLUMNS stands in a header. Raises Unreadable, saying which are missing, unknown or there twice."""
    names = [folded(name) for name in header]
    while names and not names[-1]:
        names.pop()
    header = header[: len(names)]
    said = []
    if missing := [name for name in COLUMNS if name not in names]:
        said.append(f"deze kolommen ontbreken: {', '.join(missing)}")
    if unknown := [excerpt(name) for name in dict.fromkeys(header) if folded(name) not in COLUMNS]:
        said.append(f"deze kolommen zijn onbekend: {', '.join(unknown[:20])}")
    if double := [name for name in COLUMNS if names.count(name) > 1]:
        said.append(f"deze kolommen staan er dubbel: {', '.join(double)}")
    if said:
        raise Unreadable(line, f"De eerste regel hoort de kolommen te noemen: {'; '.join(said)}.")
    return [names.index(name) for name in COLUMNS]


def excerpt(value: str) -> str:
    """A value as an error may show it: short, one line, Unicode."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
