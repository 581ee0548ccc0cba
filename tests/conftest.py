"""Real parts for tests: one embedded Postgres, a fresh database for each test, the whole stack for journeys.

A test that needs none of them is pure and runs in `make quick`; a test is real as soon as it asks for one.
"""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import asyncpg
import httpx2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from deploy.local import SERVICES as SERVICES
from deploy.local.broker import Broker, start_broker
from deploy.local.postgres import Postgres, start_postgres
from deploy.local.stack import Stack
from services.monitor.settings import MonitorSettings
from shared import database
from shared.database import Connection
from shared.database.migration import migrate
from shared.http import auth
from shared.runtime.settings import Settings

from .records import count_anew

#: Fixtures that start a real part.
_PARTS = frozenset({"postgres", "broker", "stack", "browser"})
#: What a pure test may not do: start a process, or call one.
_IMPURE = frozenset({"subprocess.Popen", "socket.connect"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is real, and say which tests stay together when several workers share them.

    One worker has all that runs a whole platform, from the start, since it takes longest: a machine has room for one
    platform. The others have the rest, a file at a time.
    """
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "stack" in asked:
            item.add_marker("platform")
        if asked & _PARTS or _on_a_platform(item):
            item.add_marker("real")
        group = "platform" if _on_a_platform(item) else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (not _on_a_platform(item), item.get_closest_marker("damages") is not None))


def _on_a_platform(item: pytest.Item) -> bool:
    return item.get_closest_marker("platform") is not None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where only pure tests run, hold them to it."""
    if session.config.getoption("markexpr").startswith("not real"):
        sys.addaudithook(_refuse_real_parts)


def _refuse_real_parts(event: str, _: object) -> None:
    if event in _IMPURE:
        raise AssertionError(f"{event} in a pure test: ask for the fixture of what it needs, or mark it real")


@pytest.fixture(scope="session")
def keys() -> tuple[str, str]:
    """A signing key and the key that verifies it, as PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture(scope="session")
def bearer(keys: tuple[str, str]) -> Callable[..., dict[str, str]]:
    """Headers of a demo user with these roles."""

    def headers(*roles: str) -> dict[str, str]:
        now = datetime.now(UTC)
        token = auth.mint(keys[0], f"test-{'-'.join(roles)}", roles, now, timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """An embedded Postgres 18, for the whole run."""
    server = await start_postgres(tmp_path_factory.mktemp("postgres"), durable=False)
    yield server
    await server.stop()


@pytest.fixture(scope="session")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Broker]:
    """A broker of its own for tests that fill topics by hand."""
    running = await start_broker(tmp_path_factory.mktemp("broker"), print)
    yield running
    await running.stop()


@pytest.fixture(scope="session")
async def template(postgres: Postgres) -> str:
    """A database with every service's schema, to copy for each test."""
    for service in SERVICES:
        await migrate(postgres.admin_url, service)
    return "veerkracht"


_numbers = count(1)


@asynccontextmanager
async def fresh_settings(postgres: Postgres, template: str, public_key: str) -> AsyncIterator[MonitorSettings]:
    """Settings of a fresh database, a copy of the migrated one. The monitor's have all that the others have."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(postgres.admin_url.replace("/veerkracht", "/postgres", 1))
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        count_anew()
        yield MonitorSettings(
            database_url=postgres.url.replace("/veerkracht", f"/{name}", 1),
            jwt_public_key=public_key,
            database_pool_size=4,
            # A Kafka is there in few tests.
            pulse_hours=0,
        )
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


@pytest.fixture
async def settings(postgres: Postgres, template: str, keys: tuple[str, str]) -> AsyncIterator[MonitorSettings]:
    """Settings of a fresh database, for one test."""
    async with fresh_settings(postgres, template, keys[1]) as fresh:
        yield fresh


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an app that has started."""
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client,
    ):
        yield client


@pytest.fixture
async def monitor_connection(settings: Settings) -> AsyncIterator[Connection]:
    """A connection as the monitor."""
    connection = await database.connect("monitor", settings)
    yield connection
    await connection.close()


@pytest.fixture
async def monitor_pool(settings: Settings) -> AsyncIterator[database.Pool]:
    """A pool as the monitor."""
    pool = await database.create_pool("monitor", settings)
    yield pool
    pool.terminate()


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Everything `make demo` starts, on free ports, with the programme loaded."""
    async with Stack(Path(tmp_path_factory.mktemp("stack"))) as running:
        yield running


@pytest.fixture
async def real_broker(stack: Stack) -> Broker:
    """The stack's broker, for what the in-memory cluster cannot carry: a second life, a second group member."""
    if not stack.broker.real:
        pytest.skip(f"needs the real Kafka broker: {stack.broker.why}")
    return stack.broker
