"""python -m services.community api | stream | relay | migrate | rebuild [activity | directory]"""

from shared.processes.service_cli import service_cli

from .app import REBUILDS, SETTINGS, create_app, projections

if __name__ == "__main__":
    service_cli("community", SETTINGS, create_app, projections, REBUILDS)()
