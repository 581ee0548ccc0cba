"""A process for a Faust agent: for what may be approximate and heals itself. See docs/decisions/0030-pulse.md."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

import faust
from faust.app.base import BootStrategy
from mode import Service
from mode.types import ServiceT

from ..kafka import clients
from ..observability import health_server
from ..observability.heartbeat import beating
from ..runtime.hanging import end_when_hung
from ..runtime.settings import Settings
from .worker_task import WorkerTask


def create_agent_app(
    service: str,
    process: str,
    group: str,
    settings: Settings,
    begin: Callable[[], Awaitable[None]],
    tasks: Sequence[WorkerTask],
) -> faust.App:
    """A Faust app that reads and writes Kafka by itself, to give an agent to.

    It reads once `begin` has come to its end. `tasks` run from the start and answer for its health; one that raises
    ends the process, and the supervisor starts it again.
    """

    class Tasks(Service):
        """Runs the tasks and says that the process lives."""

        @Service.task
        async def _run(self) -> None:
            def problems() -> list[str]:
                crashed = ["the worker crashed"] if self.crashed or app.crashed else []
                return crashed + [problem for each in tasks if (problem := each.problem())]

            async with beating(service, process, settings, problems), asyncio.TaskGroup() as running:
                running.create_task(end_when_hung(settings.hung_after_seconds))
                running.create_task(health_server.serve(settings, problems))
                for each in tasks:
                    running.create_task(each.run())

    class Beginning(Service):
        """Comes before Faust's own clients of Kafka, which end the process where none answers."""

        async def on_start(self) -> None:
            await app.wait(begin())

    class Order(BootStrategy):
        """The tasks first, then what comes before reading."""

        def sensors(self) -> Iterable[ServiceT]:
            return [Tasks(beacon=self.app.beacon), *super().sensors()]

        def kafka_producer(self) -> Iterable[ServiceT]:
            return [Beginning(beacon=self.app.beacon), *super().kafka_producer()]

    app = _create(Order, group, settings, Path(tempfile.gettempdir()) / f"veerkracht-{service}-{process}")
    return app


def _create(order: type[BootStrategy], group: str, settings: Settings, folder: Path) -> faust.App:
    class App(faust.App):
        BootStrategy = order

    return App(
        group,
        broker=[f"aiokafka://{server}" for server in settings.kafka_servers.split(",")],
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        # As our own clients have it; Faust makes its own.
        broker_request_timeout=clients.REQUEST_MS / 1000,
        broker_session_timeout=clients.SESSION_MS / 1000,
        consumer_metadata_max_age_ms=clients.METADATA_MS,
        producer_request_timeout=clients.REQUEST_MS / 1000,
        # Faust wants a folder; nothing of ours is in it.
        datadir=folder,
        worker_redirect_stdouts=False,
    )
