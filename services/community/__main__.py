"""python -m services.community api | stream | relay | migrate | rebuild [activity | directory] | pulse"""

from shared.processes.service_cli import service_cli

from .app import REBUILDS, SETTINGS, create_app, projections
from .pulse.command import add_pulse

if __name__ == "__main__":
    cli = service_cli("community", SETTINGS, create_app, projections, REBUILDS)
    add_pulse(cli)
    cli()
