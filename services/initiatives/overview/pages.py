"""The Dutch page of an initiative."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.http.fields import Id
from shared.http.request_state import pool_of
from shared.web import pages

from ..lessons import reader as lessons
from ..register import reader as register

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"


@router.get("/initiatieven/{initiative}")
async def initiative_page(request: Request, initiative: Id) -> Response:
    """One initiative with its history."""
    async with pool_of(request).acquire() as connection:
        context = {
            "initiative": await register.require_initiative(connection, initiative),
            "phases": await register.phases_of(connection, initiative),
            "lessons": await lessons.lessons_of(connection, initiative),
            "places": await directory.names(connection, "municipality") | await directory.names(connection, "region"),
            "organisations": await directory.names(connection, "organisation"),
        }
    return pages.page(_TEMPLATES, "initiatief.html", "initiatives", context)
