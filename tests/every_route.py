"""Every route of every service, from the apps themselves: a new one is held to the rules by being there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import httpx2
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Route

from deploy.local import SERVICES
from deploy.local.web import OneOrigin
from services.monitor.settings import MonitorSettings
from shared.http.routing.kinds import is_guarded, is_page, methods_of
from shared.http.routing.query import Known, known

_PLACE = re.compile(r"\{(\w+)(:\w+)?\}")


@dataclass(frozen=True)
class Way:
    """A route, and an address that it answers."""

    service: str
    path: str
    address: str
    methods: frozenset[str]
    page: bool
    guarded: bool
    known: Known
    documented: bool

    @property
    def reads(self) -> bool:
        return "GET" in self.methods

    @property
    def api(self) -> bool:
        return f"/{self.service}/v1/" in self.path

    def __str__(self) -> str:
        return f"{'+'.join(sorted(self.methods))} {self.path}"


def apps(settings: MonitorSettings) -> dict[str, FastAPI]:
    return {service: import_module(f"services.{service}.app").create_app(settings) for service in SERVICES}


def origin(made: dict[str, FastAPI]) -> OneOrigin:
    prefixes = {prefix: app for name, app in made.items() for prefix in import_module(f"services.{name}").PREFIXES}
    return OneOrigin(prefixes, made["community"])


def client(app: OneOrigin | FastAPI) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test")


@cache
def ways() -> tuple[Way, ...]:
    return tuple(_ways())


def _ways() -> Iterator[Way]:
    for service, app in apps(MonitorSettings()).items():
        for route in app.routes:
            if isinstance(route, Route):
                yield Way(
                    service,
                    route.path,
                    # Whatever kind of thing is meant: this one is well formed and not there.
                    _PLACE.sub("1", route.path),
                    frozenset(methods_of(route)),
                    is_page(route),
                    is_guarded(route),
                    known(route),
                    isinstance(route, APIRoute) and route.include_in_schema,
                )
