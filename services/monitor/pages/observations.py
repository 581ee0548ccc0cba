"""`/monitor/waarnemingen`: what was taken in, and how to hand in. Only counts are public, never a file."""

from fastapi import APIRouter, Request, Response

from shared.http.request_state import pool_of

from ..observations.file.layout import COLUMNS, SOURCES
from ..observations.imports import imports
from ..settings import MonitorSettings
from . import words
from .render import page

router = APIRouter(include_in_schema=False)
_MOST = 100
#: What stands in each column of a file.
_EXPLAINED = {
    "indicator": "de code van de indicator, bijvoorbeeld verbondenheid",
    "versie": "het nummer van de versie van de indicator die in die periode geldt, bijvoorbeeld 1",
    "gebied": "de code van de gemeente (GM0794), wijk, regio of provincie",
    "indeling": "het jaar van de gemeentelijke indeling: die van de periode",
    "periode": "2019, 2019-Q1 of 2019-03",
    "bron": "enquete, ggd of open-data",
    "methode": "hoe er is gemeten, in een paar woorden",
    "waarde": "het gemiddelde, bij een indicator die een gemiddelde is",
    "standaardafwijking": "de spreiding van het gemiddelde, als die bekend is",
    "teller": "bij een percentage of een aantal",
    "noemer": "bij een percentage: van hoeveel",
    "n": "het aantal antwoorden of respondenten",
    "verdeling": "bij een verdeling: aantallen per klasse, van laag naar hoog, met | ertussen",
}


@router.get("/monitor/waarnemingen")
async def observations_page(request: Request) -> Response:
    """The imports with their counts, the layout of a file, and the download of what is published."""
    settings: MonitorSettings = request.app.state.settings
    async with pool_of(request).acquire() as connection:
        found = await imports(connection, _MOST)
    return page(
        "waarnemingen.html",
        imports=found,
        columns=[(name, _EXPLAINED[name]) for name in COLUMNS],
        sources=[(word, words.SOURCES[kind], settings.threshold(kind)) for word, kind in SOURCES.items()],
    )
