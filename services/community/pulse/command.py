"""`python -m services.community pulse`: the process of the pulse."""

import asyncio
from datetime import UTC, datetime

import faust
import typer

from shared.observability import health_server, logs
from shared.processes.agent_worker import create_agent_app
from shared.processes.service_cli import load_settings
from shared.processes.stream_worker import run_worker
from shared.runtime.settings import Settings

from .agent import PulseAgent, add_agent, new_group
from .domain import READ_TOPICS, HoppingWindow
from .log import put_back


def add_pulse(cli: typer.Typer) -> None:
    """Add the command to the service's."""

    @cli.command()
    def pulse() -> None:
        """Run the pulse: a Faust agent that tells what is lively."""
        settings = load_settings(Settings)
        logs.configure(settings.log_level)
        if not settings.pulse_hours:
            # There is none: a container that was started all the same is well, and does nothing.
            asyncio.run(health_server.serve(settings, list))
            return
        run_worker(_create(settings), settings)


def _create(settings: Settings) -> faust.App:
    group, agent = new_group(), PulseAgent(settings)

    async def begin() -> None:
        since = HoppingWindow(settings.pulse_hours).begins(datetime.now(UTC))
        agent.begin(await put_back(settings.kafka_servers, group, READ_TOPICS, since))

    app = create_agent_app("community", "pulse", group, settings, begin, [agent])
    add_agent(app, agent)
    return app
