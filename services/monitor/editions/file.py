"""How an edition is written, byte for byte. A format never changes: what is written otherwise is a new number."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Protocol

import msgspec

from ..figure.public import PublicTally
from ..figure.values import FigureValues, values_of
from ..history.domain import CellKey
from ..history.frame import Frame, FrozenArea, FrozenIndicator

#: The format of new editions.
PRESENT = 1


class FrozenVersion(msgspec.Struct, frozen=True, rename="camel"):
    """From when an indicator is measured otherwise, as it was when the edition was cut."""

    code: str
    version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    reason: str | None


class FrozenBaselineFact(msgspec.Struct, frozen=True, rename="camel"):
    """A fact of the baseline, as it was when the edition was cut."""

    id: str
    statement: str
    theme: str | None
    areas: tuple[str, ...]
    low_percent: int | None
    high_percent: int | None
    count: int | None
    period: str
    source: str
    paragraph: str


class Frozen(msgspec.Struct, frozen=True, rename="camel"):
    """What an edition keeps of names and definitions: nothing that comes later changes them."""

    areas: tuple[FrozenArea, ...]
    indicators: tuple[FrozenIndicator, ...]
    versions: tuple[FrozenVersion, ...]
    baseline: tuple[FrozenBaselineFact, ...]

    @property
    def frame(self) -> Frame:
        """What its figures are added up in, and by which definitions they are shown."""
        return Frame(self.areas, self.indicators)


class Head(msgspec.Struct, frozen=True):
    """What a file says of its edition."""

    edition: str
    title: str
    publication: int
    cut_at: datetime


FrozenCells = Iterable[tuple[CellKey, PublicTally]]


class Writer(Protocol):
    """Writes one file from the start to the end."""

    def start(self) -> bytes:
        """What comes before the cells."""

    def rows(self, cells: FrozenCells) -> bytes:
        """The next cells."""

    def end(self) -> bytes:
        """What comes after the cells."""


class Csv1:
    """Format 1 as CSV: UTF-8, LF, a decimal point, three decimals; what a figure does not have is empty."""

    _COLUMNS = (
        *("kind", "code", "source", "area", "period", "respondents", "n", "mean", "bound", "mean_low", "mean_high"),
        *("numerator", "denominator", "share", "share_low", "share_high", "histogram"),
    )

    def __init__(self, _: Head, frozen: Frozen) -> None:
        self._frame = frozen.frame

    def start(self) -> bytes:
        """The names of the columns."""
        return ",".join(self._COLUMNS).encode() + b"\n"

    def rows(self, cells: FrozenCells) -> bytes:
        """A line per cell. No field has a comma, quote or line break: codes are slugs."""
        lines = (_fields(cell, tally.respondents, _values(self._frame, cell, tally)) for cell, tally in cells)
        return "".join(f"{','.join(fields)}\n" for fields in lines).encode()

    def end(self) -> bytes:
        """Nothing."""
        return b""


class Json1:
    """Format 1 as JSON: the same figures, with the names, definitions and baseline as they were. A cell a line."""

    def __init__(self, head: Head, frozen: Frozen) -> None:
        self._head = head
        self._frozen = frozen
        self._frame = frozen.frame
        self._first = True
        self._encoder = msgspec.json.Encoder(decimal_format="number")

    def start(self) -> bytes:
        """Head, names, definitions and baseline."""
        head = {
            "format": 1,
            "edition": self._head.edition,
            "title": self._head.title,
            "publication": self._head.publication,
            "cutAt": self._head.cut_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        }
        parts = [f"{_quoted(self._encoder, name)}:{_quoted(self._encoder, value)}" for name, value in head.items()]
        for name in ("areas", "indicators", "versions", "baseline"):
            items = ",\n".join(_quoted(self._encoder, item) for item in getattr(self._frozen, name))
            parts.append(f'"{name}":[\n{items}\n]')
        return ("{" + ",\n".join(parts) + ',\n"cells":[').encode()

    def rows(self, cells: FrozenCells) -> bytes:
        """An object per cell."""
        out = bytearray()
        for cell, tally in cells:
            out += b"\n" if self._first else b",\n"
            out += self._encoder.encode(_object(cell, tally.respondents, _values(self._frame, cell, tally)))
            self._first = False
        return bytes(out)

    def end(self) -> bytes:
        """The end of the list and the document."""
        return b"\n]}\n"


#: By format, then by the file's extension.
WRITERS: dict[int, dict[str, type[Csv1] | type[Json1]]] = {1: {"csv": Csv1, "json": Json1}}


def _values(frame: Frame, cell: CellKey, tally: PublicTally) -> FigureValues:
    return values_of(tally, frame.quantity(cell.code, cell.kind))


def _fields(cell: CellKey, respondents: int, values: FigureValues) -> list[str]:
    mean, share = values.mean_interval or (None, None), values.share_interval or (None, None)
    return [
        *cell,
        str(respondents),
        *map(_text, (values.n, values.mean, values.bound, *mean)),
        *map(_text, (values.numerator, values.denominator, values.share, *share)),
        "|".join(map(str, values.distribution)),
    ]


def _object(cell: CellKey, respondents: int, values: FigureValues) -> dict[str, object]:
    mean, share = values.mean_interval or (None, None), values.share_interval or (None, None)
    return {
        **cell._asdict(),
        "respondents": respondents,
        "n": values.n,
        "mean": values.mean,
        "bound": values.bound,
        "meanLow": mean[0],
        "meanHigh": mean[1],
        "numerator": values.numerator,
        "denominator": values.denominator,
        "share": values.share,
        "shareLow": share[0],
        "shareHigh": share[1],
        "histogram": values.distribution or None,
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _quoted(encoder: msgspec.json.Encoder, value: object) -> str:
    return encoder.encode(value).decode()
