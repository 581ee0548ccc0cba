"""A service's stream worker: a Faust app that hosts exact projections. See docs/decisions/0001-faust.md."""

import asyncio
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

import faust
import uvloop
from faust.app.base import BootStrategy
from mode import Service

from ..database import create_pool
from ..liveness.witness import Witness
from ..observability import health_server, logs
from ..observability.heartbeat import beating
from ..observability.waits import Waits
from ..projections.consumer import ProjectionConsumer
from ..projections.log_watch import LogWatch
from ..projections.projector import Projection
from ..runtime.garbage_collection import collect_seldom
from ..runtime.hanging import end_when_hung
from ..runtime.settings import Settings
from ..runtime.shutdown import be_gone_in_time
from .forgetting import Forgetting
from .worker_task import WorkerTask


class _ServicesOnly(BootStrategy):
    """Faust's own consumer and producer stay off: projections read and write exactly, by their own clients."""

    enable_kafka = False


class _App(faust.App):
    BootStrategy = _ServicesOnly


class _Worker(faust.Worker):
    def install_signal_handlers(self) -> None:
        """TERM means the same as INT, within seconds."""
        super().install_signal_handlers()
        self.loop.add_signal_handler(signal.SIGTERM, _end)


def _end() -> None:
    be_gone_in_time()
    signal.raise_signal(signal.SIGINT)


def create_worker(
    service: str, projections: Sequence[Projection], settings: Settings, tasks: Sequence[WorkerTask] = ()
) -> faust.App:
    """The Faust app of a service: supervision, signals and timers are Faust's, every fold is the projector's.

    A projection or task that raises ends the process; the supervisor starts it again at the watermark.
    """
    app = _App(
        f"veerkracht-{service}",
        broker=[f"aiokafka://{server}" for server in settings.kafka_servers.split(",")],
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        # Faust wants a folder; nothing of ours is in it.
        datadir=Path(tempfile.gettempdir()) / f"veerkracht-{service}",
        worker_redirect_stdouts=False,
    )

    @app.service
    class Projections(Service):
        """Runs the service's projections and answers for their health."""

        @Service.task
        async def _run(self) -> None:
            waits = Waits(service, "stream")
            pool = await create_pool(service, settings, begin=waits.watch)
            consumers = [
                ProjectionConsumer(service, projection, pool, settings, waits.note) for projection in projections
            ]

            watch = LogWatch(consumers, pool, settings)
            witness = Witness(service, consumers, pool, settings)
            at_work: list[WorkerTask] = [*consumers, watch, witness, Forgetting(service, pool, settings), *tasks]

            def problems() -> list[str]:
                found = [each.problem() for each in at_work]
                crashed = ["the worker crashed"] if self.crashed or app.crashed else []
                return crashed + [problem for problem in found if problem]

            def of_the_service() -> list[str]:
                return problems() + witness.missing()

            try:
                async with beating(service, "stream", settings, of_the_service), asyncio.TaskGroup() as group:
                    group.create_task(end_when_hung(settings.hung_after_seconds))
                    group.create_task(waits.of_the_loop())
                    group.create_task(health_server.serve(settings, problems))
                    for each in at_work:
                        group.create_task(each.run())
            finally:
                pool.terminate()

    return app


def run_worker(app: faust.App, settings: Settings) -> None:
    """Run a worker until TERM or INT; exits with status 1 when it crashed."""
    logs.configure(settings.log_level)
    loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    collect_seldom()
    worker = _Worker(app, loop=loop, override_logging=False, quiet=True, redirect_stdouts=False)
    worker.execute_from_commandline()
