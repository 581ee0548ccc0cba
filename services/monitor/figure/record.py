"""A tally and a cell as they stand in a row of Postgres."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.database import Record

from .cells import PublicCell
from .public import PublicTally
from .tally import Tally


def tally_of(row: Record) -> Tally:
    """The exact tally in a row of unit or observation; its decimals may be text."""
    histogram = tuple(row["histogram"])
    return Tally(
        row["respondents"],
        row["n"],
        int(row["total"]),
        int(row["squares"]),
        row["spread_n"],
        row["numerator"],
        row["denominator"],
        histogram if any(histogram) else (),
    )


def public_tally_of(row: Record) -> PublicTally:
    """The tally in a row of packet, public_line, public_move or published; its decimals may be text."""
    return public_tally(
        row["respondents"],
        row["n"],
        row["total"],
        row["low_n"],
        row["high_n"],
        row["numerator"],
        row["denominator"],
        row["detailed_n"],
        row["histogram"],
    )


def public_tally(
    respondents: int,
    n: int,
    total: int | Decimal | str,
    low_n: int,
    high_n: int,
    numerator: int,
    denominator: int,
    detailed_n: int,
    histogram: Sequence[int] | None,
) -> PublicTally:
    """The tally of columns that are read one after the other."""
    counts = tuple(histogram or ())
    return PublicTally(
        respondents,
        n,
        int(total),
        low_n,
        high_n,
        numerator,
        denominator,
        detailed_n,
        counts if any(counts) else (),
    )


def cell_of(row: Record) -> PublicCell:
    """The cell in a row of published."""
    return PublicCell(
        AggregateKind(row["kind"]),
        row["code"],
        SourceKind(row["source"]),
        row["area"],
        row["period"],
        Theme(row["theme"]),
        AreaLevel(row["level"]),
    )


def tally_columns(tally: Tally) -> tuple[object, ...]:
    """A tally as columns; arrays do not nest in unnest(), so the histogram goes as text."""
    return (
        tally.respondents,
        tally.n,
        tally.total,
        tally.squares,
        tally.spread_n,
        tally.numerator,
        tally.denominator,
        ",".join(map(str, tally.histogram)),
    )


def public_columns(tally: PublicTally) -> tuple[object, ...]:
    """A public tally as columns, the histogram as text."""
    return (
        tally.respondents,
        tally.n,
        tally.total,
        tally.low_n,
        tally.high_n,
        tally.numerator,
        tally.denominator,
        tally.detailed_n,
        ",".join(map(str, tally.histogram)),
    )


def columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """Rows turned into columns, for unnest()."""
    return [list(column) for column in zip(*rows, strict=True)]
