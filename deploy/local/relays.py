"""Every service's relay in one process: `python -m deploy.local.relays`. In Compose each is its own container."""

import asyncio
import contextlib
import signal
import sys
from datetime import UTC, datetime

import uvloop

from shared import log, ops
from shared.relay import Relay
from shared.settings import Settings, SettingsError

from . import SERVICES


async def relay_all(settings: Settings) -> None:
    """Relay all outboxes until cancelled. One that fails for good ends them all: the supervisor starts them again."""
    relays = [Relay(service, settings) for service in SERVICES]

    def problems() -> list[str]:
        now = datetime.now(UTC)
        return [problem for relay in relays if (problem := relay.problem(now))]

    async with asyncio.TaskGroup() as group:
        group.create_task(ops.serve(settings, problems))
        for relay in relays:
            group.create_task(relay.run())


async def _until_signalled(settings: Settings) -> None:
    task = asyncio.ensure_future(relay_all(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def main() -> int:
    """Run until TERM or INT."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log.configure(settings.log_level)
    uvloop.run(_until_signalled(settings))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
