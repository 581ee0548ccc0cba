"""The processes of a service: `python -m services.<name> api | stream | relay | migrate | rebuild`."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar

import typer
import uvloop
from fastapi import FastAPI

from ..database import connect
from ..database.migration import MigrationError, migrate
from ..observability import logs
from ..outbox import set_aside
from ..outbox.relay import serve
from ..projections.projector import Projection
from ..projections.rebuild import Rebuild, RebuildError
from ..projections.rebuild import rebuild as run_rebuild
from ..runtime.settings import Settings, SettingsError
from . import api_server
from .recover import recover
from .repair import RepairError, repair_readers, repair_topics
from .stream_worker import create_worker, run_worker
from .worker_task import WorkerTask

#: A service's own settings.
S = TypeVar("S", bound=Settings)


def load_settings(kind: type[S]) -> S:
    """Settings from the environment; ends the process with status 2 and a line per wrong setting."""
    try:
        return kind.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from error


def service_cli(
    service: str,
    settings_kind: type[S],
    create_app: Callable[[S], FastAPI],
    projections: Callable[[S], Sequence[Projection]],
    rebuilds: Mapping[str, Callable[[S], Rebuild]],
    tasks: Callable[[S], Sequence[WorkerTask]] = lambda _: (),
) -> typer.Typer:
    """The command line of one service. `rebuilds` are plans by projection, the first one unless another is asked for;
    `tasks` run in the stream worker beside the projections."""
    cli = typer.Typer(no_args_is_help=True, add_completion=False, help=f"The {service} service of Veerkracht.")

    @cli.command()
    def api() -> None:
        """Serve the HTTP API and the pages."""
        settings = load_settings(settings_kind)
        logs.configure(settings.log_level)
        api_server.serve(create_app(settings), settings)

    @cli.command()
    def stream() -> None:
        """Run the stream worker: a Faust app that hosts this service's projections."""
        settings = load_settings(settings_kind)
        run_worker(create_worker(service, projections(settings), settings, tasks(settings)), settings)

    @cli.command()
    def relay() -> None:
        """Publish this service's outbox to Kafka."""
        settings = load_settings(settings_kind)
        logs.configure(settings.log_level)
        uvloop.run(serve([service], settings))

    @cli.command(name="migrate")
    def migrate_schema() -> None:
        """Bring this service's schema up to date; needs VEERKRACHT_DATABASE_ADMIN_URL."""
        settings = load_settings(settings_kind)
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

    _add_repair(cli, service, settings_kind, projections)
    _add_rebuild(cli, service, settings_kind, rebuilds)
    _add_set_aside(cli, service, settings_kind)
    return cli


def _add_repair(
    cli: typer.Typer, service: str, settings_kind: type[S], projections: Callable[[S], Sequence[Projection]]
) -> None:
    @cli.command(name="repair")
    def repair_log(
        what: Annotated[str, typer.Argument(help="topics or readers; both unless one is asked for.")] = "both",
    ) -> None:
        """Verify the log; make the topics of this service that miss anything again from its outbox, in order; have its
        projections read what is another log from the beginning. Nothing is counted twice."""
        if what not in ("topics", "readers", "both"):
            raise typer.BadParameter(f"{what}: expected topics or readers")
        settings = load_settings(settings_kind)
        logs.configure(settings.log_level)

        async def repair() -> None:
            if what != "readers":
                await repair_topics(service, settings, typer.echo)
            if what != "topics":
                await repair_readers(service, projections(settings), settings, typer.echo)

        try:
            uvloop.run(repair())
        except RepairError as error:
            sys.stderr.write(f"{error}\n")
            raise typer.Exit(1) from error

    @cli.command(name="recover")
    def recover_service() -> None:
        """Go on from a database that is older than the log: the log is made again without what the database does not
        know, and those numbers are never given again."""
        settings = load_settings(settings_kind)
        logs.configure(settings.log_level)
        uvloop.run(recover(service, settings, typer.echo))


def _add_rebuild(
    cli: typer.Typer, service: str, settings_kind: type[S], plans: Mapping[str, Callable[[S], Rebuild]]
) -> None:
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
        from .progress_bar import Bar

        settings = load_settings(settings_kind)
        logs.configure(settings.log_level)
        with Bar(f"{service}: rebuild") as bar:
            try:
                uvloop.run(run_rebuild(service, plans[what](settings), settings, bar.show, fresh))
            except RebuildError as error:
                sys.stderr.write(f"{error}\n")
                raise typer.Exit(1) from error


def _add_set_aside(cli: typer.Typer, service: str, settings_kind: type[S]) -> None:
    @cli.command(name="set-aside")
    def set_aside_events(
        send: Annotated[bool, typer.Option("--send", help="Have the relay send them now.")] = False,
    ) -> None:
        """Tell which events cannot be sent, and why; with --send try them again, in their order."""
        settings = load_settings(settings_kind)

        async def tell() -> list[str]:
            connection = await connect(service, settings)
            try:
                found = await set_aside.listed(connection)
                if send:
                    return [f"{await set_aside.send_again(connection)} events are sent again"]
                return [
                    f"{each.found_at:%Y-%m-%d %H:%M} {each.topic} {each.key} {each.type} {each.id}: {each.reason}"
                    for each in found
                ]
            finally:
                await connection.close()

        sys.stdout.write("\n".join(asyncio.run(tell()) or ["nothing is set aside"]) + "\n")
