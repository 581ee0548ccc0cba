"""The OpenAPI documents: of each answer the type and headers, what a stream reads, and what may be empty."""

from collections.abc import Callable
from typing import Any

import httpx2

from services.monitor.settings import MonitorSettings

from ....every_route import apps, ways

Server = tuple[str, int]
DOCUMENTS = {service: app.openapi() for service, app in apps(MonitorSettings()).items()}
DOCUMENTED = [
    (way, method, DOCUMENTS[way.service]["paths"][way.path][method.lower()])
    for way in ways()
    if way.documented
    for method in way.methods - {"HEAD"}
]
STREAM = "text/event-stream"
#: What is for browsers, proxies and HTTP itself: on pages and files of ours too, and no reader has to know.
NOT_OF_AN_API = {
    *("content-type", "content-length", "transfer-encoding", "connection", "date", "server", "vary"),
    *("x-accel-buffering", "x-content-type-options", "x-frame-options", "referrer-policy", "permissions-policy"),
    *("content-security-policy", "strict-transport-security"),
    *("access-control-allow-origin", "access-control-expose-headers"),
}


def content(operation: dict[str, Any], status: str) -> set[str]:
    return set(operation["responses"][status].get("content", {}))


def test_every_answer_of_every_route_has_its_type_and_headers() -> None:
    assert len(DOCUMENTED) > 90
    for way, method, operation in DOCUMENTED:
        for status, answer in operation["responses"].items():
            assert (status in ("204", "304")) is (content(operation, status) == set()), (way, method, status)
            assert all(each["schema"] or "json" in kind for kind, each in answer.get("content", {}).items()), way
            assert "X-Correlation-Id" in answer["headers"], (way, method, status)
        assert content(operation, "default") == {"application/problem+json"}
        assert {"Retry-After", "Allow", "WWW-Authenticate"} <= set(operation["responses"]["default"]["headers"])


def test_a_stream_says_that_it_is_one_and_from_where_it_goes_on() -> None:
    streams = [(way, operation) for way, _, operation in DOCUMENTED if way.path.endswith("/stream")]
    assert len(streams) == 2
    for _, operation in streams:
        assert content(operation, "200") == {STREAM}
        read = {(one["in"], one["name"]) for one in operation["parameters"]}
        assert {("header", "Last-Event-ID"), ("query", "lastEventId"), ("query", "after")} <= read
    others = [
        way
        for way, _, operation in DOCUMENTED
        if any(STREAM in content(operation, one) for one in operation["responses"])
    ]
    assert len(others) == 2


def test_every_route_says_how_a_request_is_traced() -> None:
    for way, method, operation in DOCUMENTED:
        read = {(one["in"], one["name"]) for one in operation["parameters"]}
        assert {("header", "X-Correlation-Id"), ("header", "traceparent")} <= read, (way, method)


def test_what_has_a_version_says_so() -> None:
    versioned = [operation for _, _, operation in DOCUMENTED if "304" in operation["responses"]]
    assert len(versioned) > 5
    for operation in versioned:
        assert ("header", "If-None-Match") in {(one["in"], one["name"]) for one in operation["parameters"]}
        assert all("ETag" in operation["responses"][status]["headers"] for status in ("200", "304"))


def test_a_file_says_that_it_has_a_name() -> None:
    files = [
        operation["responses"]["200"]["headers"]
        for way, method, operation in DOCUMENTED
        if method == "GET" and (way.path.endswith((".csv", ".xlsx")) or way.path.endswith("{edition}.json"))
    ]
    assert len(files) > 6
    assert all("Content-Disposition" in headers for headers in files)
    assert sum("Repr-Digest" in headers for headers in files) == 2


async def test_an_answer_has_no_header_that_the_document_does_not_have(
    server: Server, bearer: Callable[..., dict[str, str]]
) -> None:
    """On an empty database, by nobody and by everybody's roles: what is there, what is not, and what is refused."""
    seen: set[str] = set()
    everybody = bearer("programme", "community", "finance", "operator")
    async with httpx2.AsyncClient(base_url=f"http://{server[0]}:{server[1]}", timeout=30) as asking:
        for way, method, operation in DOCUMENTED:
            for more in ({}, everybody, {"Content-Type": "text/odd", **everybody}):
                answer = await asking.request("HEAD" if method == "GET" else method, way.address, headers=more)
                status = str(answer.status_code) if str(answer.status_code) in operation["responses"] else "default"
                documented = {name.lower() for name in operation["responses"][status]["headers"]}
                told = {name.lower() for name in answer.headers} - NOT_OF_AN_API
                assert told <= documented, (way, answer.status_code, told - documented)
                seen |= told
    assert seen >= {"x-correlation-id", "api-version", "ratelimit", "ratelimit-policy", "etag", "content-disposition"}
    assert seen >= {"www-authenticate", "accept", "cache-control"}


def test_a_parameter_that_may_be_left_out_may_be_empty() -> None:
    """That both are answered alike is held in test_questions."""
    asked = [one for _, _, operation in DOCUMENTED for one in operation.get("parameters", ()) if one["in"] == "query"]
    assert len(asked) > 90
    assert all(one.get("allowEmptyValue", False) is not one["required"] for one in asked)


async def test_what_is_answered_is_of_the_type_that_the_document_says(server: Server) -> None:
    """On an empty database: what is there has its type, what is not is a problem."""
    answered = 0
    async with httpx2.AsyncClient(base_url=f"http://{server[0]}:{server[1]}", timeout=30) as asking:
        for way, method, operation in DOCUMENTED:
            if method == "GET":
                head = await asking.head(way.address)
                kind = head.headers["content-type"].partition(";")[0]
                status = str(head.status_code) if str(head.status_code) in operation["responses"] else "default"
                assert kind in content(operation, status), (way, head.status_code)
                answered += status == "200"
    assert answered > 30
