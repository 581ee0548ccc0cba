"""How an edition is written, byte for byte. A format never changes: what is written otherwise is a new number."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

import msgspec

from ..figure.tally import Tally
from ..history.domain import CellKey
from ..history.frame import FrozenArea, FrozenIndicator

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


class Head(msgspec.Struct, frozen=True):
    """What a file says of its edition."""

    edition: str
    title: str
    publication: int
    cut_at: datetime


FrozenCells = Iterable[tuple[CellKey, Tally]]


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
        *("kind", "code", "source", "area", "period", "respondents", "n", "mean", "mean_low", "mean_high", "deviation"),
        *("numerator", "denominator", "share", "share_low", "share_high"),
        *("total_millionths", "total_squares", "spread_n", "histogram"),
    )

    def __init__(self, head: Head, frozen: Frozen) -> None:
        """Codes only: it needs neither."""

    def start(self) -> bytes:
        """The names of the columns."""
        return ",".join(self._COLUMNS).encode() + b"\n"

    def rows(self, cells: FrozenCells) -> bytes:
        """A line per cell. No field has a comma, quote or line break: codes are slugs."""
        return "".join(f"{','.join(_fields(cell, tally))}\n" for cell, tally in cells).encode()

    def end(self) -> bytes:
        """Nothing."""
        return b""


class Json1:
    """Format 1 as JSON: the same figures, with the names, definitions and baseline as they were. A cell a line."""

    def __init__(self, head: Head, frozen: Frozen) -> None:
        self._head = head
        self._frozen = frozen
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
            out += self._encoder.encode(_object(cell, tally))
            self._first = False
        return bytes(out)

    def end(self) -> bytes:
        """The end of the list and the document."""
        return b"\n]}\n"


#: By format, then by the file's extension.
WRITERS: dict[int, dict[str, type[Csv1] | type[Json1]]] = {1: {"csv": Csv1, "json": Json1}}


def _fields(cell: CellKey, tally: Tally) -> list[str]:
    mean, share = tally.mean_interval() or (None, None), tally.share_interval() or (None, None)
    return [
        *cell,
        str(tally.respondents),
        str(tally.n),
        *map(_text, (tally.mean(), *mean, tally.deviation())),
        str(tally.numerator),
        str(tally.denominator),
        *map(_text, (tally.share(), *share)),
        str(tally.total),
        str(tally.squares),
        str(tally.spread_n),
        "|".join(map(str, tally.histogram)),
    ]


def _object(cell: CellKey, tally: Tally) -> dict[str, object]:
    mean, share = tally.mean_interval() or (None, None), tally.share_interval() or (None, None)
    return {
        **cell._asdict(),
        "respondents": tally.respondents,
        "n": tally.n,
        "mean": _positive(tally.mean()),
        "meanLow": _positive(mean[0]),
        "meanHigh": _positive(mean[1]),
        "deviation": _positive(tally.deviation()),
        "numerator": tally.numerator,
        "denominator": tally.denominator,
        "share": _positive(tally.share()),
        "shareLow": _positive(share[0]),
        "shareHigh": _positive(share[1]),
        "totalMillionths": tally.total,
        # Beyond what readers of JSON take for whole.
        "totalSquares": str(tally.squares),
        "spreadN": tally.spread_n,
        "histogram": tally.histogram,
    }


def _positive(value: Decimal | None) -> Decimal | None:
    """Zero has no sign."""
    return abs(value) if value is not None and not value else value


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{_positive(value):f}"


def _quoted(encoder: msgspec.json.Encoder, value: object) -> str:
    return encoder.encode(value).decode()
