"""The feeds service: the list of its capabilities."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from shared.http.app import create_app as create_service_app
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild
from shared.runtime.settings import Settings
from shared.web.menu import MenuEntry

from .documents import pages
from .documents import routes as documents
from .log import routes as log
from .log.jobs import rebuild_log
from .log.projection import log_projection

#: What it reads from the environment.
SETTINGS = Settings
#: Its links on every page.
MENU = (
    MenuEntry("/feeds", "Meelezen: feeds voor partners", 20, in_footer=True),
    MenuEntry("/feeds/v1/events", "Gebeurtenissen (CloudEvents)", 30, in_footer=True),
    MenuEntry("/feeds/v1/openapi.json", "Beschrijving van de API (OpenAPI)", 40, in_footer=True),
)

#: By name of the projection.
REBUILDS: Mapping[str, Callable[[Settings], Rebuild]] = {"log": lambda _: rebuild_log()}


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        log.router,
        documents.router,
        dead_letter_routes.dead_letter_router("feeds", projections(settings)),
        pages.router,
    ]
    return create_service_app("feeds", "Veerkracht: feeds", settings, routers, log.lifespan)


def projections(_: Settings) -> tuple[Projection, ...]:
    """The log of all public events."""
    return (log_projection(),)
