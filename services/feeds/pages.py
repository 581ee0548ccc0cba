"""The Dutch page of the feeds service, for partner organisations that want to subscribe."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.contracts import schema_path
from shared.http.request_state import pool_of
from shared.runtime.settings import Settings
from shared.web import pages

from . import store
from .domain import PUBLIC

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"

#: What each event type tells, for people.
MEANINGS = {
    "nl.veerkracht.aggregate.moved.v1": "Een gepubliceerd cijfer van de monitor is veranderd.",
    "nl.veerkracht.area.registered.v1": "Een gemeente, regio of de provincie is bekend, met haar geldigheid.",
    "nl.veerkracht.area.reorganised.v1": "Gemeenten zijn samengevoegd of opgedeeld.",
    "nl.veerkracht.baseline.recorded.v1": "Een feit uit de nulmeting van 2016 is vastgelegd.",
    "nl.veerkracht.budget-finding.published.v1": "Iets in de begroting sluit niet aan.",
    "nl.veerkracht.budget-line.adopted.v1": "Een regel van de begroting is vastgesteld.",
    "nl.veerkracht.capacity-share.stated.v1": "Welk deel van een prestatie inzet van ZET of Zorgbelang is.",
    "nl.veerkracht.commitment.made.v1": "Geld van een begrotingsregel is toegezegd aan een organisatie.",
    "nl.veerkracht.dialogue.held.v1": "Een dialoog is gehouden.",
    "nl.veerkracht.dialogue.planned.v1": "Een dialoog is gepland.",
    "nl.veerkracht.dialogue.withdrawn.v1": "Een dialoog telt niet meer mee.",
    "nl.veerkracht.disbursement.made.v1": "Onder een toezegging is betaald.",
    "nl.veerkracht.edition.published.v1": "Een editie van de monitor is uitgebracht: alle openbare cijfers, bevroren.",
    "nl.veerkracht.goal.judged.v1": "Een doel is gehaald, gemist of onderweg, of dat is niet meer bekend.",
    "nl.veerkracht.indicator.registered.v1": "Een indicator heeft een definitie.",
    "nl.veerkracht.indicator.version-published.v1": "Een indicator wordt vanaf een dag anders gemeten.",
    "nl.veerkracht.initiative.phase-changed.v1": "Een initiatief is in een andere fase gekomen.",
    "nl.veerkracht.initiative.registered.v1": "Een initiatief doet mee aan het programma.",
    "nl.veerkracht.learning-key.published.v1": "De leersleutel: welk onderwerp telt voor welke indicator.",
    "nl.veerkracht.lesson.drawn.v1": "Uit een initiatief is een les getrokken.",
    "nl.veerkracht.newsletter-trigger.raised.v1": "Er is iets gebeurd dat in de nieuwsbrief kan.",
    "nl.veerkracht.observations.imported.v1": "Een bestand met waarnemingen is overgenomen.",
    "nl.veerkracht.organisation.registered.v1": "Een organisatie doet mee.",
    "nl.veerkracht.quality-finding.published.v1": "Iets over de gegevens dat een lezer moet weten.",
}


@router.get("/feeds")
async def overview(request: Request) -> Response:
    """How to subscribe, and to what."""
    async with pool_of(request).acquire() as connection:
        head = await store.head(connection)
        sources = await store.list_sources(connection)
    settings: Settings = request.app.state.settings
    types = [
        {"name": name, "meaning": MEANINGS[name], "topic": contract.topic, "schema": schema_path(name)}
        for name, contract in PUBLIC.items()
    ]
    return pages.page(
        _TEMPLATES,
        "feeds.html",
        "feeds",
        {"origin": settings.public_url.rstrip("/"), "types": types, "sources": sources, "head": head},
    )
