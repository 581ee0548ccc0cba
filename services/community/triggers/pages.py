"""The Dutch page of what the newsletter may want to tell."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.http.fields import Cursor
from shared.http.request_state import pool_of
from shared.web import pages

from . import views

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"
_PAGE = 50


@router.get("/nieuwsbrief")
async def newsletter(request: Request, voor: Cursor | None = None) -> Response:
    """What the newsletter may want to tell."""
    async with pool_of(request).acquire() as connection:
        head = await views.activity_head(connection)
        triggers = await views.read_triggers(connection, None, voor, None, _PAGE)
    older = pages.address("/nieuwsbrief", {"voor": triggers.next}) if triggers.next else None
    return pages.page(
        _TEMPLATES,
        "nieuwsbrief.html",
        "community",
        {"head": head, "triggers": triggers.items, "older": older},
    )
