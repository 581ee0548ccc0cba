"""The community service: the list of its capabilities."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shared import directory
from shared.database import Pool
from shared.http.app import create_app as create_service_app
from shared.http.protection import security_txt
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild
from shared.runtime.settings import Settings
from shared.web.menu import MenuEntry

from .activity import pages as activity_pages
from .activity import routes as activity_routes
from .activity.jobs import rebuild_activity
from .activity.projection import activity_projection
from .dialogues import pages as dialogue_pages
from .dialogues import routes as dialogue_routes
from .organisations import pages as organisation_pages
from .organisations import routes as organisation_routes
from .pulse import follower as pulse_follower
from .pulse import routes as pulse_routes
from .triggers import pages as trigger_pages
from .triggers import routes as trigger_routes

#: What it reads from the environment.
SETTINGS = Settings
#: Its links on every page.
MENU = (
    MenuEntry("/", "Activiteit", 10),
    MenuEntry("/netwerk", "Netwerk", 40),
    MenuEntry("/nieuwsbrief", "Aanleidingen voor de nieuwsbrief", 10, in_footer=True),
)

_DIRECTORY = directory.projection("monitor.areas", "initiatives.initiatives", "community.organisations")
#: By name of the projection. The activity comes first: it is what is meant unless one says otherwise.
REBUILDS: Mapping[str, Callable[[Settings], Rebuild]] = {
    "activity": lambda _: rebuild_activity(),
    "directory": lambda _: directory.rebuild_directory(_DIRECTORY),
}


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        organisation_routes.router,
        dialogue_routes.router,
        activity_routes.router,
        trigger_routes.router,
        pulse_routes.router,
        directory.router("community"),
        dead_letter_routes.dead_letter_router("community", projections(settings)),
        activity_pages.router,
        organisation_pages.router,
        dialogue_pages.router,
        trigger_pages.router,
        # Here, since what nobody else answers comes here.
        security_txt.router,
    ]
    pulse = ("pulse",) if settings.pulse_hours else ()
    return create_service_app("community", "Veerkracht: netwerk", settings, routers, _lifespan, more_processes=pulse)


@asynccontextmanager
async def _lifespan(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    async with activity_routes.lifespan(app, pool), pulse_follower.following(app):
        yield


def projections(_: Settings) -> tuple[Projection, ...]:
    """The activity and the directory."""
    return (activity_projection(), _DIRECTORY)
