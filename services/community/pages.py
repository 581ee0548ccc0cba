"""The Dutch pages of the community service; `/` is the home of the platform."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from shared import directory
from shared.contracts.vocabulary import OrganisationKind, Theme, TriggerReason
from shared.http.fields import Id
from shared.http.request_state import pool_of
from shared.refusals import NotFound
from shared.runtime.settings import Settings
from shared.web import dutch, pages

from . import feed, store, views
from .activities import Selection
from .bodies import AreaCode
from .domain import Status, WithdrawalReason

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"
_PAGE = 50
_SIDE = 8
_MOST = 2000

#: Filters of the home that are not a fixed list, and what kind of thing their value names.
_FILTERS = {"gemeente": "area", "initiatief": "initiative", "organisatie": "organisation"}

Before = Annotated[int | None, Query(ge=0, le=2**62)]

REASONS = {
    TriggerReason.PHASE_REACHED: "Fase bereikt",
    TriggerReason.LESSON_DRAWN: "Les",
    TriggerReason.INDICATOR_MOVED: "Cijfer verschoven",
    TriggerReason.DIALOGUE_HELD: "Dialoog gehouden",
    TriggerReason.BUDGET_FINDING: "Bevinding bij de begroting",
    TriggerReason.EDITION_PUBLISHED: "Editie van de monitor",
    TriggerReason.GOAL_JUDGED: "Doel beoordeeld",
}
KINDS = {
    OrganisationKind.PROGRAMME_TEAM: "Programmateam",
    OrganisationKind.GOVERNMENT: "Overheden",
    OrganisationKind.EXECUTIVE: "Uitvoeringsorganisaties",
    OrganisationKind.NETWORK: "Netwerkorganisaties",
    OrganisationKind.KNOWLEDGE: "Kennisinstellingen",
    OrganisationKind.SOCIAL: "Maatschappelijke organisaties",
    OrganisationKind.COMPANY: "Bedrijven",
    OrganisationKind.EUROPEAN_PARTNER: "Europese partners",
}
STATUSES = {Status.PLANNED: "Gepland", Status.HELD: "Gehouden", Status.WITHDRAWN: "Ingetrokken"}
WITHDRAWALS = {
    WithdrawalReason.CANCELLED: "ging niet door",
    WithdrawalReason.WRONG_DATA: "de gegevens klopten niet",
    WithdrawalReason.REQUEST_OF_PARTICIPANTS: "op verzoek van de deelnemers",
}


@router.get("/")
async def home(
    request: Request,
    thema: Theme | None = None,
    gemeente: AreaCode | None = None,
    initiatief: Id | None = None,
    organisatie: Id | None = None,
    voor: Before = None,
) -> Response:
    """What happens in the programme, live; the newest triggers beside it."""
    selection = Selection(initiatief, gemeente, thema, organisatie)
    chosen = {"thema": thema, "gemeente": gemeente, "initiatief": initiatief, "organisatie": organisatie}
    async with pool_of(request).acquire() as connection:
        # First: what comes after this is in the stream, at worst twice, and the page drops the second.
        head = await store.head(connection)
        activities = await feed.read_activities(connection, selection, voor, None, _PAGE)
        triggers = await feed.read_triggers(connection, None, None, None, _SIDE)
        names = await store.names(connection, [value for value in (gemeente, initiatief, organisatie) if value])
    return pages.page(
        _TEMPLATES,
        "home.html",
        "community",
        {
            "head": head,
            "activities": activities.items,
            "older": _address("/", {**chosen, "voor": activities.next}) if activities.next else None,
            "live": voor is None,
            "stream": _stream(selection),
            "filters": [
                _without(chosen, key, names) for key in ("gemeente", "initiatief", "organisatie") if chosen[key]
            ],
            "themes": [
                (dutch.words(theme).capitalize(), _address("/", {**chosen, "thema": theme}), theme == thema)
                for theme in Theme
            ],
            "all_themes": (_address("/", {**chosen, "thema": None}), thema is None),
            "triggers": triggers.items,
            "reasons": REASONS,
        },
    )


@router.get("/netwerk")
async def network(request: Request) -> Response:
    """Who takes part, and the dialogues."""
    async with pool_of(request).acquire() as connection:
        organisations = await store.list_organisations(connection, None, None, _MOST)
        totals = await store.count_dialogues(connection)
        dialogues = {status: await store.newest_dialogues(connection, status, _PAGE) for status in Status}
        municipalities = await directory.names(connection, "municipality")
    by_kind = [(label, [o for o in organisations if o["kind"] == kind]) for kind, label in KINDS.items()]
    return pages.page(
        _TEMPLATES,
        "netwerk.html",
        "community",
        {
            "kinds": [(label, sorted(group, key=lambda o: o["name"].casefold())) for label, group in by_kind if group],
            "total": len(organisations),
            "names": {o["id"]: o["name"] for o in organisations},
            "totals": totals,
            "dialogues": dialogues,
            "statuses": STATUSES,
            "municipalities": municipalities,
        },
    )


@router.get("/dialogen/{dialogue}")
async def dialogue_page(request: Request, dialogue: Id) -> Response:
    """One dialogue."""
    settings: Settings = request.app.state.settings
    async with pool_of(request).acquire() as connection:
        row = await store.get_dialogue(connection, dialogue)
        if row is None:
            raise NotFound("dialogue-not-found", f"Er is geen dialoog {dialogue}.")
        organiser = await store.get_organisation(connection, row["organiser"])
        places = await directory.names(connection, "municipality")
        names = await store.names(connection, [row["initiative"]] if row["initiative"] else [])
    return pages.page(
        _TEMPLATES,
        "dialoog.html",
        "community",
        {
            "dialogue": views.dialogue(row, settings.publication_threshold),
            "place": places.get(row["municipality"], row["municipality"]),
            "organiser": organiser["name"] if organiser else row["organiser"],
            "initiative": names.get(("initiative", row["initiative"]), row["initiative"]),
            "statuses": STATUSES,
            "withdrawals": WITHDRAWALS,
            "threshold": settings.publication_threshold,
        },
    )


@router.get("/nieuwsbrief")
async def newsletter(request: Request, voor: Before = None) -> Response:
    """What the newsletter may want to tell."""
    async with pool_of(request).acquire() as connection:
        head = await store.head(connection)
        triggers = await feed.read_triggers(connection, None, voor, None, _PAGE)
    older = _address("/nieuwsbrief", {"voor": triggers.next}) if triggers.next else None
    return pages.page(
        _TEMPLATES,
        "nieuwsbrief.html",
        "community",
        {"head": head, "triggers": triggers.items, "reasons": REASONS, "older": older},
    )


def _address(path: str, query: dict[str, object]) -> str:
    given = {key: str(value) for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _stream(selection: Selection) -> str:
    parts: dict[str, object] = {
        "initiative": selection.initiative,
        "municipality": selection.municipality,
        "theme": selection.theme,
        "organisation": selection.organisation,
    }
    return _address("/community/v1/activities/stream", parts)


def _without(chosen: dict[str, str | None], key: str, names: dict[tuple[str, str], str]) -> tuple[str, str]:
    """What a filter is called, and the address of the page without it."""
    value = chosen[key] or ""
    return names.get((_FILTERS[key], value), value), _address("/", {**chosen, key: None})
