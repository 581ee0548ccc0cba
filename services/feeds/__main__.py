"""python -m services.feeds api | stream | relay | migrate | rebuild"""

from shared.processes.service_cli import service_cli

from .app import REBUILDS, SETTINGS, create_app, projections

if __name__ == "__main__":
    service_cli("feeds", SETTINGS, create_app, projections, REBUILDS)()
