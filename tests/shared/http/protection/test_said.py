"""Nothing that a client writes in a header is published, logged or measured; and measurements do not grow with it."""

import ast
import re
from collections.abc import Callable

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.observability.tracing import continue_trace, correlation

from ....architecture.code import modules
from .asked import SERVICES, app_of, ask, path_of, routes_of

BSN = "123456782"
UUID = "7b0f4f1e-2f0a-4c1e-9d7a-5a3f0c9e1b22"
TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"
#: The headers of a request that our code looks at, by what for. Of none does a text go anywhere, but as said here.
LOOKED_AT = {
    "accept": "a page or a problem",
    "authorization": "who asks",
    "content-encoding": "refused unless identity",
    "content-length": "how large",
    "access-control-request-method": "compared",
    "content-type": "refused unless known",
    "if-none-match": "compared",
    "last-event-id": "a number",
    "traceparent": "the trace id, 32 hexadecimal digits",
    "x-correlation-id": "when it is a UUID or a trace id",
    "x-forwarded-for": "an address, of a trusted proxy",
}


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (UUID, UUID),
        (UUID.upper(), UUID),
        (TRACE, TRACE),
        (BSN, None),
        ("", None),
        (None, None),
        ("jan-jansen", None),
        (f"{UUID}-{BSN}", None),
        ("00000000-0000-0000-0000-000123456782", None),
        ("0" * 32, None),
        (f"{BSN}{UUID}", None),
    ],
)
def test_of_a_client_only_an_id_made_by_chance_is_used(given: str | None, used: str | None) -> None:
    assert correlation(given, TRACEPARENT.replace(TRACE, "f" * 32)) == (used or "f" * 32)


@pytest.mark.parametrize("given", [TRACEPARENT, TRACEPARENT[:-2] + "ff", "00-x", f"{TRACEPARENT}-{BSN}", BSN, None])
def test_of_a_trace_only_its_id_goes_on(given: str | None) -> None:
    made = continue_trace(given)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", made)
    assert "b7ad6b7169203331" not in made and BSN not in made


def test_our_code_looks_at_no_other_header() -> None:
    found = set()
    for module in modules("services", "shared"):
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(ast.Attribute(of, "get" | "getlist"), [ast.Constant(str() | bytes() as name), *_]):
                    if "headers" in ast.unparse(of).lower():
                        found.add(name.decode() if isinstance(name, bytes) else name)
    assert {name.lower() for name in found} <= LOOKED_AT.keys() | {"vary", "allow"}
    assert {"authorization", "x-correlation-id"} <= found


@pytest.mark.parametrize("service", SERVICES)
def test_the_headers_that_an_api_takes_are_the_key_of_a_retry_and_a_place(service: str) -> None:
    """The key is kept to compare, the place is a number; neither goes anywhere else."""
    for _, route in routes_of(app_of(service)):
        assert {field.alias for field in route.dependant.header_params} <= {"Idempotency-Key", "Last-Event-ID"}, (
            route.path
        )


def series() -> int:
    return sum(len(metric.samples) for metric in REGISTRY.collect())


def measured() -> str:
    return " ".join(str(sample.labels) for metric in REGISTRY.collect() for sample in metric.samples)


@pytest.mark.parametrize("service", SERVICES)
async def test_whatever_is_sent_is_not_logged_and_measurements_do_not_grow(
    service: str, keys: tuple[str, str], bearer: Callable[..., dict[str, str]]
) -> None:
    app = app_of(service, jwt_public_key=keys[1])
    names = ("X-Correlation-Id", "traceparent", "tracestate", "baggage", "Idempotency-Key", "User-Agent", "Referer")
    said = {
        name: f"{BSN}-{name}" for name in (*names, "Cookie", "From", "X-Request-Id", "X-Forwarded-For", "Forwarded")
    }

    async def everything(number: int) -> None:
        for method, route in routes_of(app):
            for headers in ({}, bearer("programme")):
                answer = await ask(app, method, path_of(route), {**said, **headers, "Content-Type": "application/json"})
                assert BSN not in str(answer.headers), route.path
        for method in ("GET", "PROPFIND", f"METHOD{number}", f"X{BSN}"):
            await ask(app, method, f"/{service}/v1/{number}/{BSN}")
            await ask(app, method, f"/{service}/static/{number}")

    with capture_logs() as logs:
        await everything(0)
        before = series()
        for number in range(1, 10):
            for method in (f"METHOD{number}", "GET"):
                await ask(app, method, f"/{service}/v1/{number}")
                await ask(app, method, f"/{service}/static/{number}")
    assert series() == before
    assert BSN not in measured()
    assert BSN not in str(logs)
    assert "other" in measured()
