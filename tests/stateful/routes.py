"""Every route of every service, read from the apps: a new one is played and crawled without being named here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from deploy.local import SERVICES

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter as OpenAPI has it; of a page only its name is known."""

    name: str
    where: str
    required: bool
    schema: Schema


@dataclass(frozen=True)
class Route:
    """A method and path, as `POST /monitor/v1/areas`, with its parameters and the schema of its JSON body."""

    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Schema
    page: bool

    @property
    def name(self) -> str:
        """As a person says it."""
        return f"{self.method} {self.path}"


@cache
def app_of(service: str) -> FastAPI:
    """The app of a service, which is not started."""
    module = import_module(f"services.{service}.app")
    app: FastAPI = module.create_app(module.SETTINGS(jwt_public_key="none"))
    return app


@cache
def routes() -> tuple[Route, ...]:
    """All of them: APIs as their OpenAPI documents tell, then pages."""
    return tuple(route for service in SERVICES for route in (*_api(app_of(service)), *_pages(app_of(service), service)))


def commands() -> dict[str, Route]:
    """What can be posted, by path."""
    return {route.path: route for route in routes() if route.method == "POST"}


def readings() -> tuple[Route, ...]:
    """What can be read, without what is for machines of our own."""
    return tuple(route for route in routes() if route.method == "GET" and not route.path.endswith("/metrics"))


def _api(app: FastAPI) -> Iterator[Route]:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            yield Route(
                method.upper(),
                path,
                tuple(
                    Parameter(one["name"], one["in"], one.get("required", False), resolved(one["schema"], document))
                    for one in operation.get("parameters", ())
                    if one["in"] in ("path", "query")
                ),
                resolved(content.get("application/json", {}).get("schema", {}), document),
                page=False,
            )


def resolved(schema: Schema, document: Schema) -> Schema:
    """A schema without references, and without null among its kinds."""
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return resolved(found, document)
    if "anyOf" in schema:
        kinds = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if len(kinds) == 1:
            return resolved(kinds[0], document)
    if "properties" in schema:
        return {**schema, "properties": {name: resolved(one, document) for name, one in schema["properties"].items()}}
    return schema


def _pages(app: FastAPI, service: str) -> Iterator[Route]:
    for route in app.routes:
        if isinstance(route, APIRoute) and not route.path.startswith(f"/{service}/v1/"):
            names = [(one.alias, "path") for one in route.dependant.path_params]
            names += [(one.alias, "query") for one in route.dependant.query_params]
            for method in sorted((route.methods or set()) & {"GET", "POST"}):
                parameters = tuple(Parameter(name, where, where == "path", {}) for name, where in names)
                yield Route(method, route.path, parameters, {}, page=True)
