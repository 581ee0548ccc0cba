"""What kind of route one is: of an API, a page, or of the operator."""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from ..auth import Require
from .api_paths import is_api

#: Tag of what is there for who runs the service; it takes no questions, and a probe may add what it likes.
OPERATIONS = "operations"


def is_page(route: BaseRoute) -> bool:
    """Whether a route answers with a page for people."""
    return isinstance(route, APIRoute) and not is_api(route.path) and OPERATIONS not in route.tags


def is_guarded(route: BaseRoute) -> bool:
    """Whether a route asks for a role."""
    return isinstance(route, APIRoute) and any(isinstance(one.call, Require) for one in _all(route.dependant))


def methods_of(route: BaseRoute) -> set[str]:
    """What can be done there; HEAD wherever GET can."""
    methods = set(route.methods or ()) if isinstance(route, Route) else {"GET"} if isinstance(route, Mount) else set()
    return methods | {"HEAD"} if "GET" in methods else methods


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for one in dependant.dependencies:
        yield from _all(one)
