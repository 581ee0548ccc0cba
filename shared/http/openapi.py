"""The OpenAPI document as the NL API Design Rules want it: no 422, every refusal a problem."""

from typing import Any

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
}
#: Of each event of a stream: readers and tools take the schema for that of one event, not for that of all the text.
_EVENTS = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "event": {"type": "string"}, "data": {"type": "string"}},
}
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
                operation["responses"]["default"] = _REFUSED
                for answer in operation["responses"].values():
                    if "text/event-stream" in answer.get("content", {}):
                        answer["content"]["text/event-stream"] = {"schema": _EVENTS}
                if method == "post" and "201" in operation["responses"]:
                    operation["responses"]["200"] = {
                        **operation["responses"]["201"],
                        "description": "Was er al; er is niets veranderd",
                    }
    return document
