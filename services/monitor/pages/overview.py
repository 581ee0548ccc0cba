"""`/monitor`: what dialogues said last, where to go on, and what is measured."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from shared.contracts.vocabulary import AggregateKind, SourceKind, Theme
from shared.http.request_state import pool_of
from shared.web.dutch import by_name

from ..areas.domain import Area
from ..baseline.register import facts
from ..figure.cells import PublicCell
from ..figure.estimate import Estimate, estimate
from ..figure.public import PublicTally
from ..figure.quantity import SCORES
from ..indicators.register import definitions
from ..published import figures
from ..published.domain import Filters
from ..published.figures import months
from ..settings import MonitorSettings
from . import words
from .asked import MonthAsked
from .render import page, register

router = APIRouter(include_in_schema=False)
_MOST = 5000


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """An area with its published figure per code."""

    code: str
    name: str
    level: str
    figures: dict[str, Estimate]


@router.get("/monitor")
async def overview(request: Request, maand: MonthAsked = None) -> Response:
    """The figures of one month, the newest unless asked otherwise."""
    async with pool_of(request).acquire() as connection:
        indicators = await definitions(connection)
        baseline = await facts(connection)
        periods = await months(connection)
        known = await register(connection)
        month = maand or (periods[0] if periods else None)
        # A theme at a time: then the primary key is searched, not scanned.
        cells = [
            found
            for theme in Theme
            if month
            for found in await figures.list_cells(
                connection,
                Filters(AggregateKind.THEME, theme, period=month, source=SourceKind.DIALOGUE),
                None,
                _MOST,
            )
        ]
    settings: MonitorSettings = request.app.state.settings
    areas = known.geography.areas
    rows = _rows(cells, areas.values())
    return page(
        "monitor.html",
        month=month,
        periods=periods,
        province=next((row for row in rows if row.level == "province"), None),
        regions=[row for row in rows if row.level == "region"],
        municipalities=[row for row in rows if row.level == "municipality"],
        indicators=indicators,
        versions={code: indicator.versions for code, indicator in known.indicators.items()},
        families=words.FAMILIES,
        directions=words.DIRECTIONS,
        themes=[theme.value for theme in Theme],
        baseline=baseline,
        names={code: area.name for code, area in areas.items()},
        threshold=settings.threshold(SourceKind.DIALOGUE),
    )


def _rows(cells: Iterable[tuple[PublicCell, PublicTally]], areas: Iterable[Area]) -> list[OverviewRow]:
    """Areas that have figures, by name."""
    found: dict[str, dict[str, Estimate]] = {}
    for cell, tally in cells:
        found.setdefault(cell.area, {})[cell.code] = estimate(SCORES, tally)
    rows = [OverviewRow(area.code, area.name, area.level, found[area.code]) for area in areas if area.code in found]
    return sorted(rows, key=lambda row: by_name(row.name))
