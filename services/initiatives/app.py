"""The initiatives service: the list of its capabilities."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from shared import directory
from shared.http.app import create_app as create_service_app
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild
from shared.runtime.settings import Settings

from .lessons import routes as lessons
from .overview import pages as initiative_page
from .overview import routes as overview
from .register import pages as initiatives_page
from .register import routes as register

#: What it reads from the environment.
SETTINGS = Settings
#: Its links on every page.
MENU = (initiatives_page.MENU,)

_DIRECTORY = directory.projection("monitor.areas", "community.organisations")
#: By name of the projection.
REBUILDS: Mapping[str, Callable[[Settings], Rebuild]] = {
    "directory": lambda _: directory.rebuild_directory(_DIRECTORY),
}


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        register.router,
        lessons.router,
        overview.router,
        directory.router("initiatives"),
        dead_letter_routes.dead_letter_router("initiatives", projections(settings)),
        initiatives_page.router,
        initiative_page.router,
    ]
    return create_service_app("initiatives", "Veerkracht: initiatieven", settings, routers)


def projections(_: Settings) -> tuple[Projection, ...]:
    """The directory of places and organisations."""
    return (_DIRECTORY,)
