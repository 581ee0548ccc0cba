"""The home of the platform: what happens, live, and what the newsletter may want to tell."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.contracts.catalogue import Names
from shared.contracts.vocabulary import Theme
from shared.http.fields import AreaCode, Cursor, Id
from shared.http.request_state import pool_of
from shared.web import pages
from shared.web.pages import address

from ..names.views import read_names
from ..triggers.views import read_triggers
from . import views
from .domain import ActivityFilter

router = APIRouter(include_in_schema=False)
#: The folder of the service: the home takes a template of the triggers too.
_TEMPLATES = Path(__file__).parents[1]
_PAGE = 50
_SIDE = 8

#: Filters of the home that are not a fixed list, and what kind of thing their value names.
_FILTERS = {"gemeente": "area", "initiatief": "initiative", "organisatie": "organisation"}


@router.get("/")
async def home(
    request: Request,
    thema: Theme | None = None,
    gemeente: AreaCode | None = None,
    initiatief: Id | None = None,
    organisatie: Id | None = None,
    voor: Cursor | None = None,
) -> Response:
    """What happens in the programme, live; the newest triggers beside it."""
    wanted = ActivityFilter(initiatief, gemeente, thema, organisatie)
    chosen = {"thema": thema, "gemeente": gemeente, "initiatief": initiatief, "organisatie": organisatie}
    async with pool_of(request).acquire() as connection:
        # First: what comes after this is in the stream, at worst twice, and the page drops the second.
        head = await views.head(connection)
        activities = await views.read_activities(connection, wanted, voor, None, _PAGE)
        triggers = await read_triggers(connection, None, None, None, _SIDE)
        names = await read_names(connection, [value for value in (gemeente, initiatief, organisatie) if value])
    return pages.page(
        _TEMPLATES,
        "activity/templates/home.html",
        "community",
        {
            "head": head,
            "activities": activities.items,
            "older": address("/", {**chosen, "voor": activities.next}) if activities.next else None,
            "live": voor is None,
            "stream": _stream(wanted),
            "filters": [
                _without(chosen, key, names) for key in ("gemeente", "initiatief", "organisatie") if chosen[key]
            ],
            "themes": [(theme.label, address("/", {**chosen, "thema": theme}), theme == thema) for theme in Theme],
            "all_themes": (address("/", {**chosen, "thema": None}), thema is None),
            "triggers": triggers.items,
        },
    )


def _stream(wanted: ActivityFilter) -> str:
    parts: dict[str, object] = {
        "initiative": wanted.initiative,
        "municipality": wanted.municipality,
        "theme": wanted.theme,
        "organisation": wanted.organisation,
    }
    return address("/community/v1/activities/stream", parts)


def _without(chosen: dict[str, str | None], key: str, names: Names) -> tuple[str, str]:
    """What a filter is called, and the address of the page without it."""
    value = chosen[key] or ""
    return names.of(_FILTERS[key], value), address("/", {**chosen, key: None})
