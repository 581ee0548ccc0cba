"""python -m services.monitor api | stream | relay | migrate | rebuild | import"""

from shared.cli import service_cli

from .api import create_app
from .observations.command import add_import
from .projections import projections
from .rebuilding import rebuild

if __name__ == "__main__":
    cli = service_cli("monitor", create_app, projections, rebuild)
    add_import(cli)
    cli()
