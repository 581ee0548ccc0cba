"""The community service: the list of its capabilities."""

from fastapi import FastAPI

from shared import directory
from shared.contracts import PUBLIC_TOPICS
from shared.http.app import create_app as create_service_app
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.runtime.settings import Settings
from shared.web.menu import MenuEntry

from . import api, feed_api, pages
from .projections import fold, refuse_untellable

#: What it reads from the environment.
SETTINGS = Settings
#: Its links on every page.
MENU = (
    MenuEntry("/", "Activiteit", 10),
    MenuEntry("/netwerk", "Netwerk", 40),
    MenuEntry("/nieuwsbrief", "Aanleidingen voor de nieuwsbrief", 10, in_footer=True),
)


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        api.router,
        feed_api.router,
        directory.router("community"),
        dead_letter_routes.dead_letter_router("community", projections(settings)),
        pages.router,
    ]
    return create_service_app("community", "Veerkracht: netwerk", settings, routers, feed_api.tailing)


def projections(_: Settings) -> tuple[Projection, ...]:
    """The activity and the directory."""
    return (
        Projection("activity", PUBLIC_TOPICS, fold, check=refuse_untellable),
        directory.projection("monitor.areas", "initiatives.initiatives", "community.organisations"),
    )
