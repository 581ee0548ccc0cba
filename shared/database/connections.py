"""Connections as one service: a pool on its own role and schema, and what counts as passing trouble."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from ..runtime.settings import Settings

if TYPE_CHECKING:
    from asyncpg.pool import PoolAcquireContext, PoolConnectionProxy

    _AnyPool = asyncpg.Pool[asyncpg.Record]
else:
    _AnyPool = asyncpg.Pool

Record: TypeAlias = asyncpg.Record
Pool: TypeAlias = "asyncpg.Pool[Record]"
Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"

#: Trouble that passes: try again on a new connection.
TRANSIENT = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # "Another operation is in progress": the server ended the connection just before it is used.
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
)


#: A connection is there within this, or not at all.
_CONNECT_SECONDS = 10.0
#: A statement has its answer within this, unless whoever connects says otherwise.
_COMMAND_SECONDS = 30.0
#: Postgres notices within seconds that the other end has gone without a word, and lets go of its locks. Over a socket
#: of the machine itself these say nothing.
_NOTICED = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
    "client_connection_check_interval": "5s",
    # A process that was stopped in the middle of a transaction lets go of its locks.
    "idle_in_transaction_session_timeout": "60s",
}


#: What a pool does with each connection that it makes.
Begin: TypeAlias = Callable[["asyncpg.Connection[Record]"], Coroutine[None, None, None]]


class _Patient(_AnyPool):
    """A pool whose users wait for a connection so long and no longer: then TimeoutError, which is TRANSIENT."""

    __slots__ = ("_patience",)
    if TYPE_CHECKING:
        _queue: asyncio.Queue[object] | None

    def __init__(
        self,
        settings: Settings,
        user: str,
        password: str | None,
        server_settings: Mapping[str, str],
        begin: Begin | None,
    ) -> None:
        # As asyncpg.create_pool has them.
        super().__init__(
            settings.database_url,
            min_size=1,
            max_size=settings.database_pool_size,
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            reset=_keep_session,
            init=begin,
            loop=None,
            connection_class=asyncpg.Connection,
            record_class=asyncpg.Record,
            user=user,
            password=password,
            server_settings=dict(server_settings),
            timeout=_CONNECT_SECONDS,
            command_timeout=_COMMAND_SECONDS,
        )
        self._patience = settings.database_wait_seconds

    def acquire(self, *, timeout: float | None = None) -> "PoolAcquireContext[Record]":
        """A connection, within the patience of the pool unless another is asked for."""
        # One that is free is there at once: a clock for it would cost more than a query.
        if timeout is None and (self._queue is None or self._queue.empty()):
            timeout = self._patience
        return super().acquire(timeout=timeout)


def shadow(service: str) -> str:
    """The schema in which a service rebuilds its read tables."""
    return f"{service}_rebuild"


def role(service: str) -> str:
    """The Postgres role of a service. Its schema is named as the service."""
    return f"veerkracht_{service}"


async def connect(
    service: str, settings: Settings, *, command_seconds: float | None = _COMMAND_SECONDS, **server_settings: str
) -> "asyncpg.Connection[Record]":
    """One connection as the service's role, outside the pool: for locks and LISTEN.

    `command_seconds` is how long a statement may take, None: as long as it does. `server_settings` go before those that
    every session gets.
    """
    password = settings.database_password
    return await asyncpg.connect(
        settings.database_url,
        user=role(service),
        password=password.get_secret_value() if password else None,
        timeout=_CONNECT_SECONDS,
        command_timeout=command_seconds,
        server_settings={
            "application_name": f"veerkracht-{service}",
            "search_path": service,
            **_NOTICED,
            **server_settings,
        },
    )


async def create_pool(
    service: str,
    settings: Settings,
    *,
    begin: Begin | None = None,
    **server_settings: str,
) -> Pool:
    """A pool as the service's role; `server_settings` go before those that every session gets. `begin` sees each
    connection when it is made."""
    password = settings.database_password
    return await _Patient(
        settings,
        role(service),
        password.get_secret_value() if password else None,
        {
            "application_name": f"veerkracht-{service}",
            "search_path": service,
            **_NOTICED,
            **server_settings,
        },
        begin,
    )


def one_moment(connection: Connection) -> AbstractAsyncContextManager[object]:
    """Several reads that see the same moment, so that what they give ties."""
    return connection.transaction(isolation="repeatable_read", readonly=True)


async def _keep_session(_: "asyncpg.Connection[Record]") -> None:
    """Nothing to undo when a connection comes back: no user of a pool changes its session, and asyncpg ends what is
    left of a transaction. Its own reset would cost every command a round trip."""
