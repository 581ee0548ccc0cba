"""python -m services.community api | stream | relay | migrate"""

from shared.cli import service_cli

from .api import create_app
from .projections import projections

if __name__ == "__main__":
    service_cli("community", create_app, projections)()
