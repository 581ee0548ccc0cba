"""python -m services.initiatives api | stream | relay | migrate | rebuild"""

from shared.processes.service_cli import service_cli

from .app import REBUILDS, SETTINGS, create_app, projections

if __name__ == "__main__":
    service_cli("initiatives", SETTINGS, create_app, projections, REBUILDS)()
