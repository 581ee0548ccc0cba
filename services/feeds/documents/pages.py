"""The Dutch page of the feeds service, for partner organisations that want to subscribe."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.contracts import schema_path
from shared.http.request_state import pool_of
from shared.runtime.settings import Settings
from shared.web import pages

from ..log import views as log
from ..log.domain import PUBLIC

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"


@router.get("/feeds")
async def overview(request: Request) -> Response:
    """How to subscribe, and to what."""
    async with pool_of(request).acquire() as connection:
        head = await log.head(connection)
        sources = await log.read_sources(connection)
    settings: Settings = request.app.state.settings
    types = [
        {"name": name, "meaning": entry.meaning, "topic": entry.contract.topic, "schema": schema_path(name)}
        for name, entry in PUBLIC.items()
    ]
    return pages.page(
        _TEMPLATES,
        "feeds.html",
        "feeds",
        {"origin": settings.public_url.rstrip("/"), "types": types, "sources": sources, "head": head},
    )
