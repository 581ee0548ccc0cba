"""The published figures of an indicator in every municipality, read at once."""

from collections.abc import Collection
from typing import TypeAlias

import msgspec

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record

from .reading import Indicator, Q
from .tally import Tally
from .written import members

#: An area and the sums of its figure, as Postgres writes them: see `_tally`.
_Part: TypeAlias = tuple[str, int, int, str, str, int, int, int, list[int]]
_parts = msgspec.json.Decoder(list[_Part])


async def shown(
    connection: Connection, indicator: Indicator, source: SourceKind, period: str, parts: Collection[str] = ()
) -> tuple[dict[str, str], dict[str, Tally], int]:
    """As `tallies`, of what is shown: the members of a `Figure`, as JSON. With the sums of some of them."""
    row = await connection.fetchrow(Q.shown_by_municipality, indicator.code, source, period, list(parts))
    if row is None or row["areas"] is None:
        return {}, {}, 0
    if row["lacking"]:
        published, newest = await tallies(connection, indicator.code, source, period)
        return {area: members(tally, indicator.measure) for area, tally in published.items()}, published, newest
    lines = dict(zip(row["areas"].split(" "), row["shown"].split("\n"), strict=True))
    return lines, {part[0]: _tally(part) for part in _parts.decode(row["parts"] or "[]")}, row["newest"]


async def tallies(connection: Connection, code: str, source: SourceKind, period: str) -> tuple[dict[str, Tally], int]:
    """The published figures of an indicator by municipality, and the number of the last publication they are of."""
    rows = await connection.fetch(Q.municipalities, code, source, period)
    return {row[0]: _tally(row) for row in rows}, max((row["publication"] for row in rows), default=0)


def _tally(row: "Record | _Part") -> Tally:
    _, respondents, n, total, squares, spread_n, numerator, denominator, histogram, *_ = row
    counts = tuple(histogram) if histogram else ()
    return Tally(respondents, n, int(total), int(squares), spread_n, numerator, denominator, counts)
