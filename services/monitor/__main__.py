"""python -m services.monitor api | stream | relay | migrate | rebuild [figures | spending] | import | judge |
edition verify"""

from shared.cli import service_cli

from . import edition_cli
from .api import create_app
from .impact.command import add_judge
from .observations.command import add_import
from .projections import projections
from .rebuilding import REBUILDS

if __name__ == "__main__":
    cli = service_cli("monitor", create_app, projections, REBUILDS)
    cli.add_typer(edition_cli.edition, name="edition")
    add_judge(cli)
    add_import(cli)
    cli()
