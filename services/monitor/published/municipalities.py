"""The published figures of an indicator in every municipality, read at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record

from ..figure.json import members
from ..figure.tally import Tally
from ..indicators.domain import Indicator
from . import store

#: An area and the sums of its figure, as Postgres writes them: see `_tally`.
_Part: TypeAlias = tuple[str, int, int, str, str, int, int, int, list[int]]
_parts = msgspec.json.Decoder(list[_Part])


class Municipalities(NamedTuple):
    """What is shown of municipalities: the members of a `Figure` each, as JSON.

    `areas` are their codes with a space between, in the order of `figures`. `parts` are the sums of some, and `newest`
    is the number of the last publication they are of.
    """

    areas: str
    figures: Sequence[str]
    parts: Mapping[str, Tally]
    newest: int


async def municipality_figures(
    connection: Connection, indicator: Indicator, source: SourceKind, period: str, parts: str = ""
) -> Municipalities:
    """What is shown of an indicator, with the sums of some of them: `parts` are codes with a space between."""
    row = await store.shown_by_municipality(connection, indicator.code, source, period, parts)
    if row is None or row["areas"] is None:
        return Municipalities("", (), {}, 0)
    if row["lacking"]:
        published, newest = await tallies(connection, indicator.code, source, period)
        figures = [members(tally, indicator.measure) for tally in published.values()]
        return Municipalities(" ".join(published), figures, published, newest)
    sums = {part[0]: _tally(part) for part in _parts.decode(row["parts"] or "[]")}
    return Municipalities(row["areas"], row["shown"].split("\n"), sums, row["newest"])


async def tallies(connection: Connection, code: str, source: SourceKind, period: str) -> tuple[dict[str, Tally], int]:
    """The published figures of an indicator by municipality, and the number of the last publication they are of."""
    rows = await store.municipalities(connection, code, source, period)
    return {row[0]: _tally(row) for row in rows}, max((row["publication"] for row in rows), default=0)


def _tally(row: "Record | _Part") -> Tally:
    _, respondents, n, total, squares, spread_n, numerator, denominator, histogram, *_ = row
    counts = tuple(histogram) if histogram else ()
    return Tally(respondents, n, int(total), int(squares), spread_n, numerator, denominator, counts)
