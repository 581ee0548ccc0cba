"""Every page of every service is looked at in a browser: on a narrow screen, by keyboard and by axe."""

from importlib import import_module
from re import Pattern

import pytest
from fastapi.routing import APIRoute

from shared.http.routing.kinds import is_page

from ..conftest import SERVICES
from . import test_monitor_pages, test_pages

VISITED = {path.partition("?")[0] for path in (*test_pages.PAGES, *test_monitor_pages.PAGES)}


def pages(service: str) -> dict[str, Pattern[str]]:
    """What is answered with a page, by its path."""
    module = import_module(f"services.{service}.app")
    return {
        route.path: route.path_regex
        for route in module.create_app(module.SETTINGS()).routes
        if isinstance(route, APIRoute) and is_page(route)
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_page_is_visited(service: str) -> None:
    found = pages(service)
    assert found
    assert {path for path, shape in found.items() if not any(shape.match(visited) for visited in VISITED)} == set()
