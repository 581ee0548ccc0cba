"""The Dutch pages of the monitor."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shared import web
from shared.contracts.refusals import NotFound
from shared.contracts.vocabulary import Measure, SourceKind, Theme
from shared.database import Record
from shared.http import pool_of
from shared.settings import Settings

from . import reading, store
from .bodies import AreaCode
from .cells import PublicCell
from .publication import Shown, show
from .reading import Filters
from .tally import Tally

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"
_MOST = 5000
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """An area with its published figure per code."""

    code: str
    name: str
    level: str
    figures: dict[str, Shown]


@router.get("/monitor")
async def overview(request: Request, maand: Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")] = None) -> Response:
    """The figures of one month, the newest unless asked otherwise."""
    async with pool_of(request).acquire() as connection:
        areas = await store.list_areas(connection)
        indicators = await store.list_indicators(connection)
        baseline = await store.list_baseline_facts(connection)
        periods = await reading.months(connection)
        month = maand or (periods[0] if periods else None)
        wanted = Filters(period=month, source=SourceKind.DIALOGUE)
        cells = await reading.list_cells(connection, wanted, None, _MOST) if month else []
    settings: Settings = request.app.state.settings
    rows = _rows(cells, areas)
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
        wanted = Filters(kind="indicator", area=area, source=SourceKind.DIALOGUE)
        cells = await reading.list_cells(connection, wanted, None, _MOST)
    settings: Settings = request.app.state.settings
    by_month: dict[str, dict[str, Shown]] = {}
    for cell, tally in cells:
        if _MONTH.fullmatch(cell.period):
            by_month.setdefault(cell.period, {})[cell.code] = show(tally, Measure.MEAN)
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


def _rows(cells: Iterable[tuple[PublicCell, Tally]], areas: Iterable[Record]) -> list[Row]:
    """Areas that have figures, by name."""
    found: dict[str, dict[str, Shown]] = {}
    for cell, tally in cells:
        found.setdefault(cell.area, {})[cell.code] = show(tally, Measure.MEAN)
    rows = [Row(a["code"], a["name"], a["level"], found[a["code"]]) for a in areas if a["code"] in found]
    return sorted(rows, key=lambda row: row.name)
