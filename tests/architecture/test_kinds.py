"""Every input of every service is of a shared kind: no text, number or list comes in that nothing bounds.

It walks what each route reads, in an API and on a page, and the OpenAPI documents that are told of it.
"""

import importlib
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from .code import SERVICES

JsonSchema = Mapping[str, object]


@cache
def app_of(service: str) -> FastAPI:
    module = importlib.import_module(f"services.{service}.app")
    app: FastAPI = module.create_app(module.SETTINGS())
    return app


def inputs(dependant: Dependant) -> Iterator[tuple[str, JsonSchema]]:
    """Where each input of a route stands, and its JSON schema."""
    for where in ("path", "query", "header", "cookie", "body"):
        for field in getattr(dependant, f"{where}_params"):
            yield f"{where} {field.alias}", field._type_adapter.json_schema()
    for further in dependant.dependencies:
        yield from inputs(further)


def without_kind(schema: JsonSchema, place: str, definitions: JsonSchema) -> Iterator[str]:
    """The leaves of a schema that are of no kind."""
    match schema:
        case {"x-kind": str(kind), "type": "array", "items": dict(items), "maxItems": int()}:
            if kind not in ("distinct", "repeatable"):
                yield f"{place}: a list of kind {kind}"
            yield from without_kind(items, f"{place}[]", definitions)
        case {"x-kind": str(), "type": "object", "additionalProperties": dict(values), "maxProperties": int()}:
            yield from without_kind(values, f"{place}{{}}", definitions)
        case {"x-kind": str(), "type": "string" | "integer" | "number"}:
            pass
        case {"$ref": str(name)}:
            definition = definitions[name.rpartition("/")[2]]
            assert isinstance(definition, dict)
            yield from without_kind(definition, place, definitions)
        case {"anyOf": list(options)} | {"oneOf": list(options)} | {"allOf": list(options)}:
            for option in options:
                yield from without_kind(option, place, definitions)
        case {"enum": _} | {"const": _} | {"type": "boolean" | "null"}:
            pass
        case {"type": "object", "properties": dict(properties), "additionalProperties": False}:
            for name, part in properties.items():
                yield from without_kind(part, f"{place}.{name}", definitions)
        case _:
            yield f"{place}: {schema}"


@pytest.mark.parametrize("service", SERVICES)
def test_every_input_of_every_route_is_of_a_kind(service: str) -> None:
    found = [
        f"{route.path} {wrong}"
        for route in app_of(service).routes
        if isinstance(route, APIRoute)
        for place, schema in inputs(route.dependant)
        for wrong in without_kind(schema, place, _definitions(schema))
    ]
    assert found == []


def _definitions(schema: JsonSchema) -> JsonSchema:
    found = schema.get("$defs", {})
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_input_of_the_openapi_document_is_of_a_kind(service: str) -> None:
    document = app_of(service).openapi()
    schemas = document["components"]["schemas"]
    found = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            asked = [(f"{one['in']} {one['name']}", one["schema"]) for one in operation.get("parameters", ())]
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                if kind == "application/json":
                    asked.append(("body", content["schema"]))
                else:
                    assert content["schema"] == {"type": "string", "format": "binary"}
            found += [
                f"{method} {path} {wrong}" for place, schema in asked for wrong in without_kind(schema, place, schemas)
            ]
    assert found == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "maxLength": 5},
        {"type": "integer", "minimum": 0},
        {"type": "number"},
        {"type": "array", "items": {"enum": ["a"]}},
        {"type": "array", "items": {"type": "string"}, "maxItems": 5, "x-kind": "distinct"},
        {"type": "object", "additionalProperties": {"type": "string", "x-kind": "id"}},
        {"type": "object", "properties": {"a": {"type": "string", "x-kind": "id"}}},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        {},
    ],
)
def test_what_nothing_bounds_is_found(schema: JsonSchema) -> None:
    assert list(without_kind(schema, "x", {})) != []
