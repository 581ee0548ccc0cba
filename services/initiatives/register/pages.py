"""The Dutch page with all initiatives."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.http.request_state import pool_of
from shared.web import pages
from shared.web.dutch import by_name
from shared.web.menu import MenuEntry

from . import reader
from .views import InitiativeView

router = APIRouter(include_in_schema=False)
MENU = MenuEntry("/initiatieven", "Initiatieven", 20)
_TEMPLATES = Path(__file__).parent / "templates"
_MOST = 500


@router.get("/initiatieven")
async def initiatives_page(request: Request) -> Response:
    """All initiatives."""
    async with pool_of(request).acquire() as connection:
        initiatives = await reader.initiatives_by_id(connection, None, None, None, _MOST)
        places = await directory.names(connection, "municipality") | await directory.names(connection, "region")
    return pages.page(
        _TEMPLATES,
        "initiatieven.html",
        "initiatives",
        {"initiatives": sorted(initiatives, key=_by_number), "places": places},
    )


def _by_number(initiative: InitiativeView) -> tuple[bool, list[int], tuple[object, ...]]:
    """The document's own order first, then the others by title."""
    parts = [int(part) for part in (initiative.number or "").split(".") if part.isdigit()]
    return (not parts, parts, by_name(initiative.title))
