"""`python -m services.monitor judge`: once a day, for goals whose day has passed."""

import sys
from datetime import UTC, datetime

import typer
import uvloop

from shared.database import connect
from shared.runtime.settings import SettingsError

from ...settings import MonitorSettings
from .judging import judge_all


async def judge_goals(settings: MonitorSettings, now: datetime) -> int:
    """Judge every goal as of now, and tell what changed; answers how many did. Harmless to repeat."""
    connection = await connect("monitor", settings, command_seconds=None)
    try:
        return await judge_all(connection, now)
    finally:
        await connection.close()


def add_judge(cli: typer.Typer) -> None:
    """Add the command to a service's command line."""

    @cli.command()
    def judge() -> None:
        """Judge every goal again as of today, and tell which verdicts changed."""
        try:
            settings = MonitorSettings.load()
        except SettingsError as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(2) from error
        changed = uvloop.run(judge_goals(settings, datetime.now(UTC)))
        sys.stdout.write(f"{changed} goals have another verdict\n")
