"""python -m services.monitor api | stream | relay | migrate | rebuild"""

from shared.cli import service_cli

from .api import create_app
from .projections import projections
from .rebuilding import rebuild

if __name__ == "__main__":
    service_cli("monitor", create_app, projections, rebuild)()
