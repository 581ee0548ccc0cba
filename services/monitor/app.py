"""The monitor service: the list of its capabilities."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from shared.contracts.community import FINDINGS
from shared.database import Pool
from shared.http.app import create_app as create_service_app
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.web.menu import MenuEntry

from . import (
    api,
    differences_api,
    editions_api,
    explanation_api,
    gauges,
    pages,
    reading_api,
)
from .impact import api as impact
from .impact.projection import PROJECTION as SPENDING
from .observations import api as observations
from .observations import uploads
from .projections import fold
from .settings import MonitorSettings
from .telling import thresholds_of

#: What it reads from the environment.
SETTINGS = MonitorSettings
#: Its links on every page.
MENU = (MenuEntry("/monitor", "Monitor", 30),)


@asynccontextmanager
async def _running(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    async with uploads.running(app, pool), gauges.running(app, pool):
        yield


def create_app(settings: MonitorSettings) -> FastAPI:
    """The service's app."""
    # Routes are tried in this order: first what is asked most.
    routers = [
        reading_api.router,
        explanation_api.router,
        api.router,
        observations.router,
        observations.uploads,
        editions_api.router,
        differences_api.router,
        impact.router,
        dead_letter_routes.dead_letter_router("monitor", projections(settings)),
        pages.router,
    ]
    return create_service_app("monitor", "Veerkracht: monitor", settings, routers, _running, reads_first=True)


def projections(settings: MonitorSettings) -> tuple[Projection, ...]:
    """What the monitor keeps from others."""
    return (Projection("figures", (FINDINGS,), partial(fold, thresholds_of(settings))), SPENDING)
