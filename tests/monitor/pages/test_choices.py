"""What a page is asked in its query and is not there, or does not fit, is left out and told."""

import re

import httpx2
import pytest
from starlette.routing import Route

from services.monitor.app import create_app
from services.monitor.settings import MonitorSettings
from shared.http.routing.kinds import is_page
from shared.http.routing.query import known

from .page import DIFFERENCE, WHY, see
from .provincial import HELMOND

#: One that is not there, or cannot be read, of each choice that any page of the monitor takes, and what is told of it.
NOT_THERE = {
    "indicator": {"geluk": "die is er niet"},
    "gebied": {"GM9999": "die is er niet"},
    "bron": {"krant": "kies dialoog, enquete, ggd of open-data"},
    "per": {"week": "kies jaar, kwartaal of maand"},
    "thema": {"sport": "kies verbinding, vertrouwen, gezondheid"},
    "maand": {"2019": "hier hoort een maand (2019-03)", "2019-13": "hier hoort een maand"},
    "periode": {"2019-13": "hier hoort een jaar (2019), een kwartaal (2019-Q1) of een maand", "0000": "hier hoort een"},
    "sinds": {"vroeger": "hier hoort een jaar"},
    "indeling": {"1990": "hier hoort een jaar van 2016 tot en met", "twee": "hier hoort een geheel getal"},
    "van": {"9999": "Er is nog geen publicatie 9999", "geen": "Er is geen editie geen", "0001-01-01": "ier hoort"},
    "tot": {"9999": "Er is nog geen publicatie 9999", "geen": "Er is geen editie geen"},
    "na": {"1": "dat hoort niet bij deze lijst"},
}
#: The pages that take choices, with what they are about.
CHOOSING = {
    "/monitor": "/monitor?",
    "/monitor/kaart": "/monitor/kaart?",
    "/monitor/gebieden/{code}": f"/monitor/gebieden/{HELMOND}?",
    "/monitor/waarom": f"{WHY}&",
    "/monitor/impact": "/monitor/impact?",
    "/monitor/edities/{older}/verschil/{newer}": f"{DIFFERENCE}?",
}


def choices() -> set[tuple[str, str]]:
    """Every choice of every page, from the app itself."""
    return {
        (route.path, name)
        for route in create_app(MonitorSettings()).routes
        if isinstance(route, Route) and is_page(route)
        for name in known(route).names
    }


@pytest.mark.parametrize(("path", "name"), sorted(choices()))
async def test_a_choice_that_is_not_there_is_left_out_and_told(
    client: httpx2.AsyncClient, path: str, name: str
) -> None:
    about = re.sub(rf"{name}=[^&]*&", "", CHOOSING[path])
    without = await see(client, about)
    for value, told in NOT_THERE[name].items():
        page = await see(client, f"{about}{name}={value}")
        assert f"Onbekende keuze “{name}={value}” is niet gebruikt" in page.text
        assert told in page.text
        assert page.tables == without.tables, "as if it had not been asked"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/monitor/gebieden/GM1959?indeling=2018", "Altena bestond niet op 1 januari 2018"),
        (f"{WHY}&van=20&tot=3", "“van=20” is niet gebruikt: die (publicatie 20) ligt na tot (publicatie 3)."),
    ],
)
async def test_a_choice_that_does_not_fit_is_left_out_and_told(
    client: httpx2.AsyncClient, path: str, told: str
) -> None:
    assert told in (await see(client, path)).text
