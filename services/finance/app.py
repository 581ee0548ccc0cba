"""The finance service: the list of its capabilities."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from shared import directory
from shared.http.app import create_app as create_service_app
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild
from shared.runtime.settings import Settings

from .budget import routes as budget
from .commitments import routes as commitments
from .findings import routes as findings
from .overview import pages

#: What it reads from the environment.
SETTINGS = Settings
#: Its links on every page.
MENU = (pages.MENU,)

_DIRECTORY = directory.projection("initiatives.initiatives", "community.organisations")
#: By name of the projection.
REBUILDS: Mapping[str, Callable[[Settings], Rebuild]] = {
    "directory": lambda _: directory.rebuild_directory(_DIRECTORY),
}


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        budget.router,
        commitments.router,
        findings.router,
        directory.router("finance"),
        dead_letter_routes.dead_letter_router("finance", projections(settings)),
        pages.router,
    ]
    return create_service_app("finance", "Veerkracht: financiën", settings, routers)


def projections(_: Settings) -> tuple[Projection, ...]:
    """The directory of initiatives and organisations."""
    return (_DIRECTORY,)
