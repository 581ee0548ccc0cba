"""The OpenAPI document as the NL API Design Rules want it: no 422, every refusal a problem."""

from typing import Any

from .routing.media import FILES

#: RFC 9457, with a pointer or parameter for each wrong field.
_PROBLEM = {
    "type": "object",
    "required": ["type", "status", "title", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "in": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_REFUSED = {
    "description": "Geweigerd of mislukt; er is niets opgeslagen",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    "headers": {
        "Retry-After": {
            "description": "with 429 and 503, in seconds",
            "schema": {"type": "integer"},
        },
        "Allow": {"description": "with 405: the methods that are there", "schema": {"type": "string"}},
        "WWW-Authenticate": {"description": "with 401", "schema": {"type": "string"}},
        "Accept": {"description": "with 415: the type that is taken", "schema": {"type": "string"}},
        "Accept-Encoding": {"description": "with 415: how a file may be packed", "schema": {"type": "string"}},
    },
}
#: Of each event of a stream: readers and tools take the schema for that of one event, not for that of all the text.
_EVENTS = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "event": {"type": "string"}, "data": {"type": "string"}},
}
_TEXT = {"schema": {"type": "string"}}
_ETAG = {"ETag": {"description": "the version of this answer", **_TEXT}}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "the ETag that is there already: 304 when it is still the version",
    "schema": {"type": "string", "x-kind": "etag"},
}
#: What any request may say of where it comes from; what is not of its form is passed over.
_ORIGIN = [
    {
        "name": "X-Correlation-Id",
        "in": "header",
        "required": False,
        "description": "a UUID or a trace id of yours: what the log and the events that follow call this request",
        "schema": {"type": "string", "x-kind": "correlation-id"},
    },
    {
        "name": "traceparent",
        "in": "header",
        "required": False,
        "description": "the step of a trace that asks this, as W3C Trace Context has it",
        "schema": {"type": "string", "x-kind": "traceparent"},
    },
]
#: On every answer. What tells a browser how to treat it is not of this list: that is on pages too.
_ALWAYS = {
    "X-Correlation-Id": {"description": "what the log calls this request", **_TEXT},
    "API-Version": {"description": "of this document", **_TEXT},
    "RateLimit": {"description": "how many more may be asked now, and when there are more", **_TEXT},
    "RateLimit-Policy": {"description": "how many may be asked in how long", **_TEXT},
    "Cache-Control": {"description": "whether and how long it may be kept", **_TEXT},
}
_FILE = {"Content-Disposition": {"description": "the name of the file", **_TEXT}}
_METHODS = ("get", "post", "put", "patch", "delete")


def fit(document: dict[str, Any]) -> dict[str, Any]:
    """Adapt the document that FastAPI made, in place: its shape is OpenAPI's, hence the open type."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    for path in document["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                operation["responses"].pop("422", None)
                operation["responses"]["default"] = dict(_REFUSED)
                _tell_headers(operation)
                operation.setdefault("parameters", []).extend(_ORIGIN)
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "query" and not parameter.get("required"):
                        parameter["allowEmptyValue"] = True  # an empty one is not given
                if method == "post" and "201" in operation["responses"]:
                    operation["responses"]["200"] = {
                        **operation["responses"]["201"],
                        "description": "Was er al; er is niets veranderd",
                    }
    return document


def _tell_headers(operation: dict[str, Any]) -> None:
    """What an answer carries beside its body, and for which version a reader asks."""
    for status, answer in operation["responses"].items():
        answer["headers"] = {**_ALWAYS, **answer.get("headers", {})}
        if "text/event-stream" in answer.get("content", {}):
            answer["content"]["text/event-stream"] = {"schema": _EVENTS}
        for kind, content in answer.get("content", {}).items():
            if not kind.startswith("text/") and content.get("schema") == {"type": "string"}:
                content["schema"] = {"type": "string", "format": "binary"}
        if any(kind in FILES for kind in answer.get("content", {})):
            answer["headers"] |= _FILE
        if status == "202":
            answer["headers"]["Location"] = {"description": "where to see how far it is", **_TEXT}
    if "304" in operation["responses"]:
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        for status in ("200", "304"):
            operation["responses"][status]["headers"] |= _ETAG
