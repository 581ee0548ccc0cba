"""The monitor service: the list of its capabilities."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shared.database import Pool
from shared.http.app import create_app as create_service_app
from shared.processes.worker_task import WorkerTask
from shared.projections import dead_letter_routes
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild
from shared.web.menu import MenuEntry

from . import download, gauges, pages
from .areas import routes as areas
from .baseline import routes as baseline
from .dialogues import routes as dialogues
from .dialogues.jobs import rebuild_figures
from .dialogues.projection import figures_projection
from .differences import routes as differences
from .editions import routes as editions
from .history import routes as history
from .impact.assessments import routes as assessments
from .impact.comparison import routes as comparison
from .impact.goals import routes as goals
from .impact.goals.judging import Judging
from .impact.instruments import routes as instruments
from .impact.matrix import routes as matrix
from .impact.outcomes import routes as outcomes
from .impact.outcomes.jobs import rebuild_spending
from .impact.outcomes.projection import PROJECTION as SPENDING
from .indicators import routes as indicators
from .methods import routes as methods
from .observations import routes as observations
from .observations import uploads
from .publication.threshold import thresholds_of
from .published import routes as published
from .quality import routes as quality
from .settings import MonitorSettings

#: What it reads from the environment.
SETTINGS = MonitorSettings
#: Its links on every page.
MENU = (MenuEntry("/monitor", "Monitor", 30),)

#: By name of the projection. The figures come first: they are what is meant unless one says otherwise.
REBUILDS: Mapping[str, Callable[[MonitorSettings], Rebuild]] = {
    "figures": rebuild_figures,
    "spending": rebuild_spending,
}


@asynccontextmanager
async def _running(app: FastAPI, pool: Pool) -> AsyncIterator[None]:
    async with uploads.running(app, pool), gauges.running(app, pool):
        yield


def create_app(settings: MonitorSettings) -> FastAPI:
    """The service's app."""
    # Routes are tried in this order: first what is asked most.
    routers = [
        published.router,
        history.router,
        areas.router,
        indicators.router,
        methods.router,
        dialogues.router,
        baseline.router,
        observations.router,
        observations.upload_router,
        editions.router,
        differences.router,
        goals.router,
        outcomes.router,
        assessments.router,
        instruments.router,
        matrix.router,
        comparison.router,
        quality.router,
        dead_letter_routes.dead_letter_router("monitor", projections(settings)),
        pages.router,
    ]
    app = create_service_app("monitor", "Veerkracht: monitor", settings, routers, _running, reads_first=True)
    download.install(app)
    return app


def projections(settings: MonitorSettings) -> tuple[Projection, ...]:
    """What the monitor keeps from others."""
    return (figures_projection(thresholds_of(settings)), SPENDING)


def tasks(settings: MonitorSettings) -> tuple[WorkerTask, ...]:
    """What its stream worker does beside folding."""
    return (Judging(settings),)
