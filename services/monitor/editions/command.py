"""`python -m services.monitor edition …`: what an operator does with editions."""

import asyncio
import sys
from typing import Annotated

import typer

from shared import database
from shared.runtime.settings import SettingsError

from ..settings import MonitorSettings
from . import handlers, series
from .edition import KINDS, EditionDiffers

edition = typer.Typer(no_args_is_help=True, add_completion=False, help="Editions: frozen publications.")


@edition.callback()
def _group() -> None:
    """Keeps `verify` a command of its own, while it is the only one."""


@edition.command()
def verify(
    id_: Annotated[str | None, typer.Argument(metavar="[ID]", help="The edition.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every edition.")] = False,
) -> None:
    """Make the files of an edition from the log again and compare them with what was published, to the byte."""
    if (id_ is None) is not every:
        sys.stderr.write("give the id of one edition, or --all\n")
        raise typer.Exit(2)
    try:
        settings = MonitorSettings.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from error
    lines, well = asyncio.run(check(settings, id_))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if not well:
        raise typer.Exit(1)


async def check(settings: MonitorSettings, id_: str | None) -> tuple[list[str], bool]:
    """A line per file, and whether all are as they were published."""
    connection = await database.connect("monitor", settings)
    try:
        every = await series.editions(connection)
        chosen = [one for one in every if id_ in (None, one.head.edition)]
        if id_ is not None and not chosen:
            return [f"there is no edition {id_}"], False
        lines, well = [], True
        for one in chosen:
            for kind in KINDS:
                try:
                    await handlers.write(connection, one, kind, None)
                    lines.append(f"same     {one.head.edition}.{kind} sha256 {one.files[kind].sha256}")
                except EditionDiffers as differs:
                    lines.append(f"DIFFERS  {differs}")
                    well = False
        return lines or ["there are no editions"], well
    finally:
        await connection.close()
