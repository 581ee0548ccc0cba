"""What anyone may read of the figures, offered to neighbours too. Of a cell that is all zero nothing is known."""

from collections.abc import Iterable, Sequence

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.database import Connection, Record

from ..figure.cells import PublicCell
from ..figure.json import members
from ..figure.record import tally_of
from ..figure.tally import Tally
from . import store
from .domain import Filters, ListedFigure, ListPlace, PublishedFigure
from .register import Register

_KINDS = {kind.value: kind for kind in AggregateKind}
_SOURCES = {source.value: source for source in SourceKind}
_THEMES = {theme.value: theme for theme in Theme}
_LEVELS = {level.value: level for level in AreaLevel}

#: Published sums by area and period.
PublicSums = dict[tuple[str, str], Tally]


async def list_published(
    connection: Connection, filters: Filters, after: ListPlace | None, limit: int
) -> list[PublishedFigure]:
    """Cells by kind, code, source, period and area, past the place `after`. Raises ValueError when a period is none."""
    return [_published(row) for row in await store.list_published(connection, filters, after, limit)]


async def list_shown(
    connection: Connection, known: Register, filters: Filters, after: ListPlace | None, limit: int
) -> list[ListedFigure]:
    """As `list_published`, of what is shown."""
    rows = await store.list_shown(connection, filters, after, limit)
    if any(row["shown"] is None for row in rows):
        found = await list_published(connection, filters, after, limit)
        return [ListedFigure(one.cell, members(one.tally, known.measure(one.cell)), one.publication) for one in found]
    return [ListedFigure(_cell(*cell), shown, publication) for *cell, publication, shown in rows]


async def list_cells(
    connection: Connection, filters: Filters, after: ListPlace | None, limit: int
) -> list[tuple[PublicCell, Tally]]:
    """As `list_published`, without their history."""
    return [(found.cell, found.tally) for found in await list_published(connection, filters, after, limit)]


async def public_sums(
    connection: Connection, code: str, source: SourceKind, areas: Iterable[str], periods: Iterable[str], newest: str
) -> PublicSums:
    """What is public of areas in these periods, and in every year up to `newest` (`''`: none)."""
    rows = await store.public_sums(connection, code, source, areas, periods, newest)
    return {(row["area"], row["period"]): tally_of(row) for row in rows}


async def list_periods(connection: Connection, kind: AggregateKind, code: str, source: SourceKind) -> list[str]:
    """Every period in which an indicator or theme had a published figure, as text sorts them."""
    return [row["period"] for row in await store.list_periods(connection, kind, code, source)]


async def first_indicator(connection: Connection) -> str | None:
    """An indicator of which something was published; None when nothing was of any."""
    return await store.first_indicator(connection)


async def months(connection: Connection) -> list[str]:
    """The months of which dialogues give public figures, newest first."""
    return [row["period"] for row in await store.months(connection)]


async def series_of(connection: Connection, areas: Sequence[str]) -> list[tuple[str, SourceKind]]:
    """The indicators and kinds of source of which something was published in these areas."""
    return [(row["code"], SourceKind(row["source"])) for row in await store.series_of(connection, areas)]


def _published(row: Record) -> PublishedFigure:
    *cell, version, publication, _, _, _, _, _, _, _, _ = row.values()
    return PublishedFigure(_cell(*cell), tally_of(row), version, publication)


def _cell(kind: str, code: str, source: str, area: str, period: str, theme: str, level: str) -> PublicCell:
    return PublicCell(_KINDS[kind], code, _SOURCES[source], area, period, _THEMES[theme], _LEVELS[level])
