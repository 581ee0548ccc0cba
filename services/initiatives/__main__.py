"""python -m services.initiatives api | stream | relay | migrate"""

from shared.cli import service_cli

from .api import create_app
from .projections import projections

if __name__ == "__main__":
    service_cli("initiatives", create_app, projections)()
