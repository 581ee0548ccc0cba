"""All that is read to be shown: public figures, and nothing of the exact ones behind them."""

from dataclasses import dataclass
from pathlib import Path

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.database import Connection, queries

from .cells import PublicCell
from .publishing import tally_of
from .tally import Tally

_Q = queries(Path(__file__).parent / "sql" / "reading.sql")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cells to list; None is any."""

    kind: str | None = None
    code: str | None = None
    theme: str | None = None
    level: str | None = None
    area: str | None = None
    period: str | None = None
    source: str | None = None


async def list_cells(
    connection: Connection, filters: Filters, after: tuple[str, str, str, str, str] | None, limit: int
) -> list[tuple[PublicCell, Tally]]:
    """Public figures by kind, code, area, period and source, past `after`."""
    rows = await connection.fetch(
        _Q.list_published,
        filters.kind,
        filters.code,
        filters.theme,
        filters.level,
        filters.area,
        filters.period,
        filters.source,
        *(after or (None, None, None, None, None)),
        limit,
    )
    return [
        (
            PublicCell(
                AggregateKind(row["kind"]),
                row["code"],
                SourceKind(row["source"]),
                row["area"],
                row["period"],
                Theme(row["theme"]),
                AreaLevel(row["level"]),
            ),
            tally_of(row),
        )
        for row in rows
    ]


async def months(connection: Connection) -> list[str]:
    """The months that dialogues give public figures of, newest first."""
    return [row["period"] for row in await connection.fetch(_Q.published_months)]
