"""python -m services.monitor api | stream | relay | migrate | rebuild [figures | spending] | import | judge |
edition verify"""

from shared.processes.service_cli import service_cli

from . import edition_cli
from .app import SETTINGS, create_app, projections
from .impact.command import add_judge
from .observations.command import add_import
from .rebuilding import REBUILDS

if __name__ == "__main__":
    cli = service_cli("monitor", SETTINGS, create_app, projections, REBUILDS)
    cli.add_typer(edition_cli.edition, name="edition")
    add_judge(cli)
    add_import(cli)
    cli()
