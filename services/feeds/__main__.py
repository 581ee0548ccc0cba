"""python -m services.feeds api | stream | relay | migrate"""

from shared.cli import service_cli

from .api import create_app
from .projections import projections

if __name__ == "__main__":
    service_cli("feeds", create_app, projections)()
