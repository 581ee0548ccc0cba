"""Every route of every service: the token before the body, and nothing private kept."""

from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute

from shared.http.auth.tokens import ROLES
from shared.http.protection.guard import Guard, guard_of

from .asked import SERVICES, app_of, ask, path_of, routes_of

Bearer = Callable[..., dict[str, str]]
JSON = {"Content-Type": "application/json"}


def guard(route: APIRoute) -> Guard:
    found = guard_of(route)
    assert found is not None, route.path
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_right_token_no_byte_of_a_body_is_read(
    service: str, keys: tuple[str, str], bearer: Bearer
) -> None:
    app = app_of(service, jwt_public_key=keys[1])
    await ask(app, "GET", f"/{service}/healthz")
    asked = 0
    for method, route in routes_of(app):
        before = guard(route)
        if not before.requires:
            assert method in ("GET", "HEAD", "OPTIONS"), f"{method} {route.path} asks for no token"
            continue
        (allowed,) = {require.roles for require in before.requires}
        (other, *_) = sorted(set(ROLES) - allowed)
        for headers, status in (({}, 401), ({"Authorization": "Bearer x"}, 401), (bearer(other), 403)):
            answer = await ask(app, method, path_of(route), {**JSON, **headers}, body=[b"x" * 1000] * 10)
            assert (answer.status, answer.read) == (status, 0), f"{method} {route.path}"
            asked += 1
    assert asked


@pytest.mark.parametrize("service", SERVICES)
async def test_what_cannot_be_read_is_refused_before_it_is(service: str, keys: tuple[str, str], bearer: Bearer) -> None:
    app = app_of(service, jwt_public_key=keys[1])
    await ask(app, "GET", f"/{service}/healthz")
    everyone = bearer(*ROLES)
    for method, route in routes_of(app):
        if not guard(route).reads:
            continue
        large = await ask(app, method, path_of(route), {**everyone, **JSON, "Content-Length": "2000000"}, [b"x"] * 9)
        assert (large.status, large.read) == (413, 0), f"{method} {route.path}"
        if route.body_field is None:
            continue
        for wrong in (
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/json; charset=utf-16"},
            {"Content-Type": "multipart/form-data; boundary=x"},
            {**JSON, "Content-Encoding": "gzip"},
            {},
        ):
            answer = await ask(app, method, path_of(route), {**everyone, **wrong}, [b"{}"] * 9)
            assert (answer.status, answer.read) == (415, 0), f"{method} {route.path} {wrong}"


@pytest.mark.parametrize("service", SERVICES)
async def test_nobody_keeps_what_went_wrong_or_what_was_answered_to_a_token(
    service: str, keys: tuple[str, str], bearer: Bearer
) -> None:
    app = app_of(service, jwt_public_key=keys[1])
    answers = 0
    for method, route in routes_of(app):
        for headers in ({}, {"Authorization": "Bearer x"}, bearer(*ROLES), bearer("editor")):
            answer = await ask(app, method, path_of(route), {**JSON, **headers}, [b"{}"])
            if headers or answer.status >= 400:
                assert "no-store" in answer.headers.get("cache-control", ""), f"{method} {route.path} {answer.status}"
                answers += 1
            assert ("private" in answer.headers.get("cache-control", "")) == bool(headers)
    missing = await ask(app, "GET", f"/{service}/v1/nothing-there")
    assert (missing.status, missing.headers["cache-control"]) == (404, "no-store")
    assert answers


@pytest.mark.parametrize("service", SERVICES)
async def test_https_is_insisted_on_when_the_operator_says_so(service: str) -> None:
    path = f"/{service}/healthz"
    assert "strict-transport-security" not in (await ask(app_of(service), "GET", path)).headers
    told = await ask(app_of(service, hsts_seconds=31_536_000), "GET", path)
    assert told.headers["strict-transport-security"] == "max-age=31536000"
