"""Every page: whatever the beginning and its footer lead to, and what every form can be asked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import urlencode, urljoin, urlsplit

from .answers import Form, Surface
from .interfaces import Found
from .sums import SOURCES

Get = Callable[[str], Awaitable[Surface]]

START = ("/", "/monitor", "/monitor/kaart", "/monitor/waarom", "/monitor/waarnemingen")
#: So many questions to one kind of page; without a question every page is read.
_MOST = 40
#: Choices of one field of a form.
_CHOICES = 12
_WORDS = {kind: word for word, kind in SOURCES.items()}


async def crawl(get: Get, found: Found) -> None:
    """Read them all. Of a page that is asked in many ways the first are read."""
    seen: set[str] = set()
    asked: dict[str, int] = {}
    questions = frozenset(_questions(found))
    fresh = [*START, *sorted(questions)]
    while fresh:
        batch = []
        for address in dict.fromkeys(fresh):
            parts = urlsplit(address)
            kind = "/".join(parts.path.split("/")[:3])
            if address in seen or (parts.query and asked.get(kind, 0) >= _MOST and address not in questions):
                continue
            seen.add(address)
            asked[kind] = asked.get(kind, 0) + bool(parts.query)
            batch.append(address)
        pages = await asyncio.gather(*map(get, batch))
        fresh = [link for address, page in zip(batch, pages, strict=True) for link in _leads(address, page)]


def _questions(found: Found) -> Iterator[str]:
    for code, area, source, period in found.cells:
        named = {"indicator": code, "gebied": area, "bron": _WORDS.get(source, source), "periode": period}
        if "-" not in period:
            yield f"/monitor/waarom?{urlencode(named)}"
        if area.startswith("PV"):
            yield f"/monitor/kaart?{urlencode({name: named[name] for name in ('indicator', 'bron', 'periode')})}"


def _leads(address: str, surface: Surface) -> Iterator[str]:
    page = surface.page
    if page is None or surface.status != 200:
        return
    for link in page.links:
        if (local := _local(address, link)) is not None:
            yield local
    for form in page.forms:
        action = _local(address, form.action or address)
        if action is not None:
            yield from _filled(action, form)


def _filled(action: str, form: Form) -> Iterator[str]:
    """A form with each choice of each field, the others as they stand."""
    for name, choices in form.fields.items():
        for choice in choices[:_CHOICES]:
            yield f"{urlsplit(action).path}?{urlencode({**form.chosen, name: choice})}"


def _local(address: str, link: str) -> str | None:
    """A link as an address of this origin; None when it leads elsewhere."""
    parts = urlsplit(urljoin(address, link))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.endswith("/stream"):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
