"""Dutch web pages: one look for all services, plain HTML first, no request to a third party."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..contracts.money import euro
from . import menu, notices
from .dutch import by_name, decimal, dutch_date, dutch_moment, iso_utc, month, placename, words

STATIC = Path(__file__).parent / "static"


_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment(folder: Path | None) -> Environment:
    folders = [_TEMPLATES] if folder is None else [folder, _TEMPLATES]
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for show in (dutch_date, dutch_moment, euro, decimal, words, placename, month, iso_utc):
        environment.filters[show.__name__] = show
    environment.filters["sorted_by_name"] = lambda things: sorted(things, key=lambda one: by_name(one.name))
    environment.globals["menu"] = menu.read()
    return environment


def page(folder: Path, template: str, service: str, context: Mapping[str, object], status: int = 200) -> Response:
    """Render a template of `folder`, on top of the shared ones. `service` names where its static files are."""
    text = _environment(folder).get_template(template).render(service=service, notices=notices.told(), **context)
    return HTMLResponse(text, status)


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with a query of what is not None."""
    given = {key: str(value) for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def error_page(service: str, status: int, title: str, detail: str) -> Response:
    """A problem as a Dutch page, with the static files of `service`."""
    text = (
        _environment(None)
        .get_template("error.html")
        .render(service=service, notices=[], status=status, title=title, detail=detail)
    )
    return HTMLResponse(text, status)
