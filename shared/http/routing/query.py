"""What may stand in the query of a route: one rule for all of them, made of what each declares.

An empty parameter is not given: forms send those. An API refuses what it does not know and names what it does; a page
leaves it out and says so, but for what campaigns add to every address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, get_args, get_origin
from urllib.parse import parse_qsl, urlencode

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ...web import notices
from ..problems import Problem, in_dutch
from .api_paths import is_api
from .kinds import is_page

#: What newsletters, social media and advertisers add to an address.
_CAMPAIGN = re.compile(
    r"(utm|mtm|pk|hsa|mc|gad)_\w+|_hs\w+|(fb|g|d|tw|y|tt)clid|(gb|wb)raid|msclkid|li_fat_id|igshid|srsltid|mkt_tok|s_kwcid"
    r"|trk|_ga|_gl",
    re.IGNORECASE,
)

Pairs = list[tuple[str, str]]


class Parameter(Protocol):
    """A parameter as FastAPI keeps it."""

    field_info: FieldInfo

    @property
    def alias(self) -> str:
        """What it is called in the query."""

    def validate(self, value: Any) -> tuple[Any, list[dict[str, Any]]]:
        """The value as it is read, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Known:
    """The parameters of a route. `lists` may be given more than once; `fields` check a value by itself."""

    names: frozenset[str]
    lists: frozenset[str]
    fields: Mapping[str, Parameter]


def known(route: BaseRoute) -> Known:
    """What a route declares."""
    names, lists, fields = set[str](), set[str](), dict[str, Parameter]()
    for field in _declared(route.dependant) if isinstance(route, APIRoute) else ():
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            parts = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
        else:
            fields[field.alias] = field
            parts = {field.alias: model}
        names.update(parts)
        lists.update(name for name, annotation in parts.items() if _is_list(annotation))
    return Known(frozenset(names), frozenset(lists), fields)


def guard(routes: Iterable[BaseRoute]) -> None:
    """Put the rule before each of these routes, but those of the operator and of files."""
    for route in routes:
        # A router belongs to its module: every app that is made of it has the same routes.
        if not isinstance(route, Route) or isinstance(route.app, _Api | _Page):
            continue
        if is_page(route):
            route.app = _Page(route.app, known(route))
        elif is_api(route.path):
            route.app = _Api(route.app, known(route))


class _Api:
    def __init__(self, app: ASGIApp, known: Known) -> None:
        self._app = app
        self._known = known
        self._plain = frozenset(name.encode() for name in known.names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query: bytes = scope["query_string"]
        if query and not self._is_plain(query):
            scope["query_string"] = _written(self._read(_pairs(query)))
        await self._app(scope, receive, send)

    def _is_plain(self, query: bytes) -> bool:
        """Whether each part is a known name with a value, and no name stands there twice: as most are."""
        seen = set[bytes]()
        for part in query.split(b"&"):
            name, _, value = part.partition(b"=")
            if not value or name not in self._plain or name in seen:
                return False
            seen.add(name)
        return True

    def _read(self, pairs: Pairs) -> Pairs:
        for name, _ in pairs:
            if name not in self._known.names:
                raise _refused("unknown-parameter", name, f"deze parameter is onbekend: {self._names()}")
        given = [pair for pair in pairs if pair[1]]
        for name in dict(given):
            if name not in self._known.lists and sum(one == name for one, _ in given) > 1:
                raise _refused("repeated-parameter", name, "deze parameter kan maar één keer gegeven worden")
        return given

    def _names(self) -> str:
        known = ", ".join(sorted(self._known.names))
        return f"kies uit {known}" if known else "hier zijn er geen"


class _Page:
    def __init__(self, app: ASGIApp, known: Known) -> None:
        self._app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notices.begin()
        if scope["query_string"]:
            scope["query_string"] = _written(list(self._usable(_pairs(scope["query_string"]))))
        await self._app(scope, receive, send)

    def _usable(self, pairs: Pairs) -> Iterator[tuple[str, str]]:
        used = set[str]()
        for name, value in pairs:
            field = self._known.fields.get(name)
            if not value or _CAMPAIGN.fullmatch(name):
                continue
            if field is None:
                notices.left_out(name, value)
            elif name in used and name not in self._known.lists:
                notices.left_out(name, value, "er staat er al een")
            elif errors := field.validate([value] if name in self._known.lists else value)[1]:
                notices.left_out(name, value, in_dutch(errors[0]))
            else:
                used.add(name)
                yield name, value


def _declared(dependant: Dependant) -> Iterator[Parameter]:
    yield from dependant.query_params
    for one in dependant.dependencies:
        yield from _declared(one)


def _is_list(annotation: object) -> bool:
    return get_origin(annotation) is list or any(_is_list(one) for one in get_args(annotation))


def _pairs(query: bytes) -> Pairs:
    # As Starlette reads it.
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


def _written(pairs: Pairs) -> bytes:
    return urlencode(pairs).encode()


def _refused(code: str, name: str, detail: str) -> Problem:
    return Problem(
        400, code, f"{notices.short(name)}: {detail}.", [{"parameter": name, "in": "query", "detail": detail}]
    )
