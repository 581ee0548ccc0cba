"""The initiatives service: the list of its capabilities."""

from fastapi import FastAPI

from shared import directory
from shared.http.app import create_app as create_service_app
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.runtime.settings import Settings

from . import api, pages

#: What it reads from the environment.
SETTINGS = Settings


def create_app(settings: Settings) -> FastAPI:
    """The service's app."""
    routers = [
        api.router,
        directory.router("initiatives"),
        dead_letter_routes.dead_letter_router("initiatives", projections(settings)),
        pages.router,
    ]
    return create_service_app("initiatives", "Veerkracht: initiatieven", settings, routers)


def projections(_: Settings) -> tuple[Projection, ...]:
    """The directory of places and organisations."""
    return (directory.projection("monitor.areas", "community.organisations"),)
