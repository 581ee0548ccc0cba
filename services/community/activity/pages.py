"""The home of the platform: where it is lively, what happens, live, and what the newsletter may want to tell."""

from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.contracts.catalogue import Names
from shared.contracts.vocabulary import Theme
from shared.http.fields import AreaCode, Cursor, Id
from shared.http.request_state import pool_of
from shared.web import notices, pages
from shared.web.pages import address

from ..names.views import read_names
from ..pulse.views import read_pulse
from ..triggers.views import read_triggers
from . import views
from .domain import ActivityFilter

router = APIRouter(include_in_schema=False)
#: The folder of the service: the home takes templates of the pulse and the triggers too.
_TEMPLATES = Path(__file__).parents[1]
_PAGE = 50
_SIDE = 8

#: Parts of a filter that name a registered thing, and what they are called in the address of the home.
_PARAMETERS = {"municipality": "gemeente", "initiative": "initiatief", "organisation": "organisatie"}


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
    async with pool_of(request).acquire() as connection:
        for part in await views.unknown_parts(connection, wanted):
            notices.left_out(_PARAMETERS[part], getattr(wanted, part), "die is er niet")
            wanted = replace(wanted, **{part: None})
        chosen = {"thema": wanted.theme, **{name: getattr(wanted, part) for part, name in _PARAMETERS.items()}}
        # First: what comes after this is in the stream, at worst twice, and the page drops the second.
        head = await views.head(connection)
        activities = await views.read_activities(connection, wanted, voor, None, _PAGE)
        triggers = await read_triggers(connection, None, None, None, _SIDE)
        pulse = await read_pulse(request, connection)
        names = await read_names(connection, [id_ for _, id_ in wanted.things().values()])
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
                _without(chosen, name, thing, names)
                for part, name in _PARAMETERS.items()
                if (thing := wanted.things().get(part)) is not None
            ],
            "themes": [(theme.label, address("/", {**chosen, "thema": theme}), theme == thema) for theme in Theme],
            "all_themes": (address("/", {**chosen, "thema": None}), thema is None),
            "triggers": triggers.items,
            "pulse": pulse,
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


def _without(chosen: dict[str, str | None], name: str, thing: tuple[str, str], names: Names) -> tuple[str, str]:
    """What a filter is called, and the address of the page without it."""
    return names.of(*thing), address("/", {**chosen, name: None})
