"""python -m services.monitor api | stream | relay | migrate | rebuild [figures | spending] | import | judge |
edition verify"""

from shared.processes.service_cli import service_cli

from .app import REBUILDS, SETTINGS, create_app, projections, tasks
from .editions.command import edition
from .impact.goals.command import add_judge
from .observations.command import add_import

if __name__ == "__main__":
    cli = service_cli("monitor", SETTINGS, create_app, projections, REBUILDS, tasks)
    cli.add_typer(edition, name="edition")
    add_judge(cli)
    add_import(cli)
    cli()
