"""Many bodies at once, and those that never come whole."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message
from structlog.testing import capture_logs

from shared.http.problems import Problem
from shared.http.protection.bodies import MAX_BODY, Bodies
from shared.observability import metrics

from .asked import app_of, ask

HALF = [b"x" * 900_000, b"x"]
POST, JSON = "/community/v1/dialogues", {"Content-Type": "application/json"}


def stuck(pieces: list[bytes]) -> tuple[Callable[[], object], asyncio.Event]:
    """A body that stops after some pieces, until the client leaves."""
    left, waiting = asyncio.Event(), list(pieces)

    async def receive() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
        await left.wait()
        return {"type": "http.disconnect"}

    return receive, left


async def test_all_bodies_together_have_a_bound_and_give_their_room_back() -> None:
    for most, refused in ((10_000_000, 289), (10**9, 0)):
        bodies = Bodies(most)
        clients = [stuck(HALF) for _ in range(300)]
        reading = [asyncio.ensure_future(bodies.read({}, receive)) for receive, _ in clients]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert bodies.held <= most
        # Negative control: with room for all, all is held.
        assert bodies.held == (300 - refused) * 900_001
        for _, left in clients:
            left.set()
        ended = await asyncio.gather(*reading, return_exceptions=True)
        assert sum(isinstance(one, Problem) and one.status == 503 for one in ended) == refused
        assert sum(isinstance(one, ClientDisconnect) for one in ended) == 300 - refused
        assert bodies.held == 0


@pytest.mark.parametrize("pieces", [[b"x" * (MAX_BODY + 1)], [b"x" * MAX_BODY, b"x"]])
async def test_one_body_has_a_bound_whether_it_says_so_or_not(pieces: list[bytes]) -> None:
    bodies = Bodies(10**9)
    receive, _ = stuck(pieces)
    with pytest.raises(Problem) as refused:
        await bodies.read({}, receive)  # type: ignore[arg-type]
    assert (refused.value.status, bodies.held) == (413, 0)


async def test_without_a_token_nothing_is_held_however_many_send(keys: tuple[str, str]) -> None:
    app = app_of("community", jwt_public_key=keys[1])
    answers = [await ask(app, "POST", POST, JSON, HALF, leaves=True) for _ in range(300)]
    assert {(answer.status, answer.read) for answer in answers} == {(401, 0)}
    assert app.state.bodies.held == 0


def broken_off() -> float:
    return sum(
        sample.value
        for metric in metrics.HTTP_LATENCY.collect()
        for sample in metric.samples
        if sample.name.endswith("_count") and sample.labels["status"] == "499"
    )


@pytest.mark.parametrize("service", ["community", "monitor"])
async def test_who_breaks_off_is_counted_once_and_told_quietly(
    service: str, keys: tuple[str, str], bearer: Callable[..., dict[str, str]]
) -> None:
    app = app_of(service, jwt_public_key=keys[1])
    path = {"community": POST, "monitor": "/monitor/v1/dialogues/x/findings"}[service]
    if service == "monitor":
        path = "/monitor/v1/areas"
    before = broken_off()
    with capture_logs() as logs:
        for _ in range(20):
            await ask(app, "POST", path, {**JSON, **bearer("community", "programme")}, HALF, leaves=True)
    assert broken_off() == before + 20
    assert [(entry["log_level"], entry["status"], "exc_info" in entry) for entry in logs] == [("info", 499, False)] * 20
