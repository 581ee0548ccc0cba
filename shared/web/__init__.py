"""Dutch web pages: one look for all services, plain HTML first, no request to a third party."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..contracts.money import euro

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def dutch_date(day: date) -> str:
    """`24 november 2026`; a moment is shown by its date in the Netherlands."""
    if isinstance(day, datetime):
        day = day.astimezone(_AMSTERDAM)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dutch_moment(moment: datetime) -> str:
    """`24 november 2026, 13:05` in the Netherlands."""
    local = moment.astimezone(_AMSTERDAM)
    return f"{dutch_date(local)}, {local:%H:%M}"


def decimal(value: float, places: int = 1) -> str:
    """A number with a decimal comma."""
    return f"{value:.{places}f}".replace(".", ",")


def whole(value: float) -> str:
    """A whole number with its thousands apart: `12.400`."""
    return f"{value:,.0f}".replace(",", ".")


def words(slug: str) -> str:
    """A slug as words: `sociaal-ondernemen` becomes `sociaal ondernemen`."""
    return slug.replace("-", " ")


def placename(code: str, names: Mapping[str, str]) -> str:
    """The name of an area, its code while the name has not arrived."""
    return names.get(code, code)


def month(period: str) -> str:
    """`november 2026` from `2026-11`."""
    year, number = period.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def iso_utc(moment: datetime) -> str:
    """For `<time datetime>`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


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
    return environment


def page(folder: Path, template: str, service: str, context: Mapping[str, object], status: int = 200) -> Response:
    """Render a template of `folder`, on top of the shared ones. `service` names where its static files are."""
    text = _environment(folder).get_template(template).render(service=service, **context)
    return HTMLResponse(text, status)


def error_page(status: int, title: str, detail: str) -> Response:
    """A problem as a Dutch page."""
    text = (
        _environment(None)
        .get_template("error.html")
        .render(service="community", status=status, title=title, detail=detail)
    )
    return HTMLResponse(text, status)
