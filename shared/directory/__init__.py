"""Names learnt from other services: areas, organisations and initiatives, kept in this service's schema."""

from .names import Reference, names, require, require_choice
from .projection import projection, rebuild_directory
from .routes import router

__all__ = ["Reference", "names", "projection", "rebuild_directory", "require", "require_choice", "router"]
