"""The processes of a service: `python -m services.<name> api | stream | relay | migrate`, for some `rebuild`."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeAlias

import typer
import uvloop
from fastapi import FastAPI

from . import log, server
from .migrations import MigrationError, migrate
from .projector import Projection
from .rebuild import Rebuild, RebuildError
from .rebuild import rebuild as run_rebuild
from .relay import serve
from .settings import Settings, SettingsError
from .worker import create_worker, run_worker

#: How to rebuild tables, by these settings.
Plan: TypeAlias = Callable[[Settings], Rebuild]


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from error


def service_cli(
    service: str,
    create_app: Callable[[Settings], FastAPI],
    projections: Callable[[Settings], Sequence[Projection]],
    rebuilds: Mapping[str, Plan] | None = None,
) -> typer.Typer:
    """The command line of one service. `rebuilds` are plans by name, the first one unless another is asked for."""
    cli = typer.Typer(no_args_is_help=True, add_completion=False, help=f"The {service} service of Veerkracht.")

    @cli.command()
    def api() -> None:
        """Serve the HTTP API and the pages."""
        settings = _settings()
        log.configure(settings.log_level)
        server.serve(create_app(settings), settings)

    @cli.command()
    def stream() -> None:
        """Run the stream worker: a Faust app that hosts this service's projections."""
        settings = _settings()
        run_worker(create_worker(service, projections(settings), settings), settings)

    @cli.command()
    def relay() -> None:
        """Publish this service's outbox to Kafka."""
        settings = _settings()
        log.configure(settings.log_level)
        uvloop.run(serve([service], settings))

    @cli.command(name="migrate")
    def migrate_schema() -> None:
        """Bring this service's schema up to date; needs VEERKRACHT_DATABASE_ADMIN_URL."""
        settings = _settings()
        if settings.database_admin_url is None:
            sys.stderr.write("VEERKRACHT_DATABASE_ADMIN_URL: expected the URL of the database's owner\n")
            raise typer.Exit(2)
        password = settings.database_password.get_secret_value() if settings.database_password else None
        try:
            ran = asyncio.run(migrate(settings.database_admin_url.get_secret_value(), service, password))
        except MigrationError as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(1) from error
        sys.stdout.write("\n".join(ran or ["nothing to do"]) + "\n")

    if rebuilds:
        _add_rebuild(cli, service, rebuilds)
    return cli


def _add_rebuild(cli: typer.Typer, service: str, plans: Mapping[str, Plan]) -> None:
    first, *_ = plans

    @cli.command(name="rebuild")
    def rebuild_tables(
        what: Annotated[str, typer.Argument(help=f"Which tables: {' or '.join(plans)}.")] = first,
        fresh: Annotated[bool, typer.Option("--fresh", help="Start clean, also when one was interrupted.")] = False,
    ) -> None:
        """Fold the whole log again beside the live tables, then swap; reading and folding go on."""
        if what not in plans:
            raise typer.BadParameter(f"{what}: expected {' or '.join(plans)}")
        # Only this command draws: the others need not carry it.
        from .progress import Bar

        settings = _settings()
        log.configure(settings.log_level)
        with Bar(f"{service}: rebuild") as bar:
            try:
                uvloop.run(run_rebuild(service, plans[what](settings), settings, bar.show, fresh))
            except RebuildError as error:
                sys.stderr.write(f"{error}\n")
                raise typer.Exit(1) from error
