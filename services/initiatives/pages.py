"""The Dutch pages of the initiatives service."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.database import Record
from shared.http.fields import Id
from shared.http.request_state import pool_of
from shared.refusals import NotFound
from shared.web import pages

from . import store

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"

PHASES = {
    "exploring": "Verkenning",
    "preparing": "Voorbereiding",
    "running": "Uitvoering",
    "embedding": "Borging",
    "completed": "Afgerond",
    "stopped": "Gestopt",
}


@router.get("/initiatieven")
async def overview(request: Request) -> Response:
    """All initiatives."""
    async with pool_of(request).acquire() as connection:
        rows = await store.list_initiatives(connection, None, None, None, 500)
        places = await directory.names(connection, "municipality") | await directory.names(connection, "region")
    initiatives = sorted(rows, key=_by_number)
    return pages.page(
        _TEMPLATES,
        "initiatieven.html",
        "initiatives",
        {"initiatives": initiatives, "phases": PHASES, "places": places},
    )


@router.get("/initiatieven/{initiative}")
async def detail(request: Request, initiative: Id) -> Response:
    """One initiative with its history."""
    async with pool_of(request).acquire() as connection:
        row = await store.get_initiative(connection, initiative)
        if row is None:
            raise NotFound("initiative-not-found", f"Er is geen initiatief {initiative}.")
        phases, lessons = await store.history(connection, initiative)
        places = await directory.names(connection, "municipality") | await directory.names(connection, "region")
        organisations = await directory.names(connection, "organisation")
    return pages.page(
        _TEMPLATES,
        "initiatief.html",
        "initiatives",
        {
            "initiative": row,
            "roles": store.roles_of(row),
            "history": phases,
            "lessons": lessons,
            "phases": PHASES,
            "places": places,
            "organisations": organisations,
        },
    )


def _by_number(row: Record) -> tuple[bool, list[int], str]:
    """The document's own order first, then the others by title."""
    number: str | None = row["number"]
    parts = [int(part) for part in (number or "").split(".") if part.isdigit()]
    return (not parts, parts, row["title"])
