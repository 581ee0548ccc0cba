"""A tally and a cell as they stand in a row of Postgres."""

from collections.abc import Iterable, Sequence

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.database import Record

from .cells import PublicCell
from .tally import Tally


def tally_of(row: Record) -> Tally:
    """The tally in a row of unit, packet, observation, public_line or published; its decimals may be text."""
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


def columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """Rows turned into columns, for unnest()."""
    return [list(column) for column in zip(*rows, strict=True)]
