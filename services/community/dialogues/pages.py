"""The Dutch page of a dialogue."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.contracts.vocabulary import SourceKind
from shared.http.fields import Id
from shared.http.request_state import pool_of
from shared.runtime.settings import Settings
from shared.web import pages

from ..names import views as names
from . import store, views

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"


@router.get("/dialogen/{dialogue}")
async def dialogue_page(request: Request, dialogue: Id) -> Response:
    """One dialogue."""
    settings: Settings = request.app.state.settings
    threshold = settings.threshold(SourceKind.DIALOGUE)
    async with pool_of(request).acquire() as connection:
        view = await views.read_dialogue(connection, dialogue, threshold)
        organiser = await store.name_of_organiser(connection, view.organiser)
        places = await directory.names(connection, "municipality")
        known = await names.read_names(connection, [view.initiative] if view.initiative else [])
    return pages.page(
        _TEMPLATES,
        "dialoog.html",
        "community",
        {
            "dialogue": view,
            "place": places.get(view.municipality, view.municipality),
            "organiser": organiser or view.organiser,
            "initiative": known.of("initiative", view.initiative) if view.initiative else None,
            "threshold": threshold,
        },
    )
