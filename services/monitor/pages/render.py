"""What every page of the monitor has: its templates, the words they use, and the registers it is about."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from fastapi import Response

from shared.database import Connection
from shared.web import notices, pages

from ..areas.domain import Area, require_area
from ..figure.estimate import format_value
from ..published.register import Register, read_register, state
from . import words

_TEMPLATES = Path(__file__).parent / "templates"
_WORDS: Mapping[str, object] = {
    "written": format_value,
    "valued": words.value,
    "finely": partial(words.value, places=2),
    "period_name": words.period_name,
    "sentence": words.sentence,
    "number": words.number,
    "measured": words.measured,
    "owner": words.owner,
    "source_names": words.SOURCES,
    "source_words": words.SOURCE_WORDS,
    "level_names": words.LEVELS,
}


def page(template: str, **context: object) -> Response:
    """A page of the monitor."""
    return pages.page(_TEMPLATES, template, "monitor", {**_WORDS, **context})


async def register(connection: Connection) -> Register:
    """Indicators, areas and mergers."""
    return await read_register(connection, await state(connection))


def area_of(register: Register, code: str) -> Area:
    """The area of a code. Raises NotFound."""
    require_area(register.geography.areas, code, f"Er is geen gebied “{notices.short(code)}”.")
    return register.geography.areas[code]
