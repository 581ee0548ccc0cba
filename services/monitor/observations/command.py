"""`python -m services.monitor import FILE`: the same as offering a file over HTTP, with a bar."""

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
import uvloop

from shared.database import connect
from shared.observability import logs
from shared.outbox.cause import Cause
from shared.runtime.settings import SettingsError
from shared.text import UnfitText, clean_name

from ..publication.threshold import thresholds_of
from ..settings import MonitorSettings
from . import store
from .domain import Offer
from .file.encoding import WINDOWS_1252
from .handlers import ReadProgress, load
from .steps import release_all

_SHOWN = 50


def add_import(cli: typer.Typer) -> None:
    """Give a command line the command."""

    @cli.command(name="import")
    def import_file(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
        good_rows: Annotated[
            bool, typer.Option("--good-rows", help="Store the rows that are right, also when others are not.")
        ] = False,
    ) -> None:
        """Take a file of observations in, CSV or XLSX. Exits with 1 when it is refused."""
        try:
            clean_name(file.name)
        except UnfitText as unfit:
            sys.stderr.write(f"the name of the file: {unfit}\n")
            raise typer.Exit(2) from unfit
        # Only this command draws: the others need not carry it.
        from shared.processes.progress_bar import Bar

        try:
            settings = MonitorSettings.load()
        except SettingsError as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(2) from error
        logs.configure(settings.log_level)
        with Bar(f"{file.name}: import") as bar:
            accepted, said = uvloop.run(
                _import(file, good_rows, settings, lambda position, size, _: bar.show(position, size))
            )
        sys.stdout.write(said)
        if not accepted:
            raise typer.Exit(1)


async def _import(file: Path, good_rows: bool, settings: MonitorSettings, progress: ReadProgress) -> tuple[bool, str]:
    digest, size = _digest(file)
    connection = await connect("monitor", settings, command_seconds=None)
    try:
        now = datetime.now(UTC)
        name = clean_name(file.name)
        offer = Offer(str(uuid4()), name, digest, good_rows)
        await store.insert_upload(connection, offer.id, digest, name, good_rows, size, now)
        try:
            counts = await load(
                connection,
                file,
                offer,
                thresholds_of(settings),
                Cause.of_job("", now),
                progress,
                settings.import_errors_kept,
            )
        except BaseException:
            await store.fail(connection, offer.id)
            raise
        upload = await store.upload(connection, offer.id)
        errors = await store.errors(connection, offer.id, _SHOWN)
        moved = await release_all(connection, thresholds_of(settings))
    finally:
        await connection.close()
    lines = [
        f"import {offer.id}: {counts.rows} regels, {counts.stored} opgeslagen ({counts.replaced} vervangen, "
        f"{counts.waiting} wachten), "
        f"{counts.unchanged} ongewijzigd, {counts.refused} geweigerd; {moved} cijfers bewogen"
    ]
    if upload is not None and upload["encoding"] == WINDOWS_1252:
        lines.append("dit bestand is geen UTF-8, en gelezen als Windows-1252")
    for error in errors:
        place = ", ".join(filter(None, (f"regel {error['line']}", error["cell"], error["column"])))
        value = f" {error['value']!r}:" if error["value"] is not None else ""
        lines.append(f"{place}:{value} {error['reason']}")
    if counts.errors > len(errors):
        lines.append(f"... en nog {counts.errors - len(errors)} fouten")
    return upload is not None and upload["state"] == "accepted", "\n".join(lines) + "\n"


def _digest(file: Path) -> tuple[str, int]:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest(), file.stat().st_size
