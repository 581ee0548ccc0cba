"""python -m services.finance api | stream | relay | migrate"""

from shared.cli import service_cli

from .api import create_app
from .projections import projections

if __name__ == "__main__":
    service_cli("finance", create_app, projections)()
