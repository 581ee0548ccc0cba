"""Names learnt from other services: areas, organisations and initiatives, kept in this service's schema."""

from .names import Reference, names, require, require_choice
from .projection import projection
from .routes import router

__all__ = ["Reference", "names", "projection", "require", "require_choice", "router"]
