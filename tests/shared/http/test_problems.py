"""What a lost database looks like to a client: a 503 that says nothing was stored; a mistake of ours stays a 500."""

from collections.abc import AsyncIterator

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI

from shared.http import problems


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    problems.install(app)

    @app.get("/x/v1/{trouble}")
    async def raise_it(trouble: str) -> None:
        raise {
            "refused": ConnectionRefusedError(),
            "no-socket": FileNotFoundError(),
            "slow": TimeoutError(),
            "restarting": asyncpg.CannotConnectNowError("the database system is starting up"),
            "cut": asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
            "closed": asyncpg.InterfaceError("cannot perform operation: connection is closed"),
            "full": asyncpg.DiskFullError("could not extend file: No space left on device"),
            "deadlock": asyncpg.DeadlockDetectedError("deadlock detected"),
            "ended": asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
            "our-mistake": asyncpg.InterfaceError("the server expects 2 arguments for this query, 1 was passed"),
            "bug": KeyError("nothing"),
        }[trouble]

    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    "trouble", ["refused", "no-socket", "slow", "restarting", "cut", "closed", "full", "deadlock", "ended"]
)
async def test_a_lost_database_is_unavailable_and_may_be_tried_again(client: httpx2.AsyncClient, trouble: str) -> None:
    answer = await client.get(f"/x/v1/{trouble}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "dat kan geen kwaad" in answer.json()["detail"]


@pytest.mark.parametrize("trouble", ["our-mistake", "bug"])
async def test_a_mistake_of_ours_is_a_500_that_tells_no_secrets(client: httpx2.AsyncClient, trouble: str) -> None:
    answer = await client.get(f"/x/v1/{trouble}")
    assert answer.status_code == 500
    assert "arguments" not in answer.text
