"""Every file that is made from the code."""

from importlib import import_module
from pathlib import Path

from shared.web import menu
from shared.web.menu import MenuEntry

from ..local import SERVICES
from .errors import errors
from .events import events
from .glossary import glossary
from .metrics import metrics_page
from .settings import settings

ROOT = Path(__file__).parents[2]


def files() -> dict[str, str]:
    """Every generated file by its path."""
    return {
        "docs/errors.md": errors(),
        "docs/events.md": events(),
        "docs/metrics.md": metrics_page(),
        "docs/settings.md": settings(),
        "shared/web/menu.toml": menu.render(entry for service in SERVICES for entry in menu_of(service)),
        "GLOSSARY.md": glossary((ROOT / "GLOSSARY.md").read_text(encoding="utf-8")),
    }


def menu_of(service: str) -> tuple[MenuEntry, ...]:
    """What a service offers for the menu and the footer."""
    entries: tuple[MenuEntry, ...] = import_module(f"services.{service}.app").MENU
    return entries
