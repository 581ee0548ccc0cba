"""The Dutch pages of the monitor."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shared import web
from shared.contracts.refusals import NotFound
from shared.contracts.vocabulary import Theme
from shared.database import Record
from shared.http import pool_of
from shared.settings import Settings

from . import figures, store
from .bodies import AreaCode
from .domain import Cell, Figure
from .figures import Filters
from .publication import Published, publish

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """An area with its published figure per code."""

    code: str
    name: str
    level: str
    figures: dict[str, Published]


@router.get("/monitor")
async def overview(request: Request, maand: Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")] = None) -> Response:
    """The figures of one month, the newest unless asked otherwise."""
    async with pool_of(request).acquire() as connection:
        areas = await store.list_areas(connection)
        indicators = await store.list_indicators(connection)
        baseline = await store.list_baseline_facts(connection)
        periods = await figures.periods(connection)
        month = maand or (periods[0] if periods else None)
        cells = await figures.list_cells(connection, Filters(period=month), None, _MOST) if month else []
    settings: Settings = request.app.state.settings
    rows = _rows(cells, areas, settings.publication_threshold)
    return web.page(
        _TEMPLATES,
        "monitor.html",
        "monitor",
        {
            "month": month,
            "periods": periods,
            "province": next((row for row in rows if row.level == "province"), None),
            "regions": [row for row in rows if row.level == "region"],
            "municipalities": [row for row in rows if row.level == "municipality"],
            "indicators": indicators,
            "themes": [theme.value for theme in Theme],
            "baseline": baseline,
            "names": {area["code"]: area["name"] for area in areas},
            "threshold": settings.publication_threshold,
        },
    )


@router.get("/monitor/gebieden/{area}")
async def area_page(request: Request, area: AreaCode) -> Response:
    """One area: its indicators by month."""
    async with pool_of(request).acquire() as connection:
        areas = {row["code"]: row for row in await store.list_areas(connection)}
        if area not in areas:
            raise NotFound("unknown-area", f"Er is geen gebied {area}.")
        indicators = await store.list_indicators(connection)
        cells = await figures.list_cells(connection, Filters(kind="indicator", area=area), None, _MOST)
    settings: Settings = request.app.state.settings
    by_month: dict[str, dict[str, Published]] = {}
    for cell, figure in cells:
        by_month.setdefault(cell.period, {})[cell.code] = publish(figure, settings.publication_threshold)
    return web.page(
        _TEMPLATES,
        "gebied.html",
        "monitor",
        {
            "area": areas[area],
            "parent": areas.get(areas[area]["parent"]),
            "indicators": indicators,
            "months": sorted(by_month.items(), reverse=True),
            "threshold": settings.publication_threshold,
        },
    )


def _rows(cells: Iterable[tuple[Cell, Figure]], areas: Iterable[Record], threshold: int) -> list[Row]:
    """Areas that have figures, by name."""
    found: dict[str, dict[str, Published]] = {}
    for cell, figure in cells:
        found.setdefault(cell.area, {})[cell.code] = publish(figure, threshold)
    rows = [Row(a["code"], a["name"], a["level"], found[a["code"]]) for a in areas if a["code"] in found]
    return sorted(rows, key=lambda row: row.name)
