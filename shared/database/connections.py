"""Connections as one service: a pool on its own role and schema, and what counts as passing trouble."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

from ..runtime.settings import Settings

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

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


def shadow(service: str) -> str:
    """The schema in which a service rebuilds its read tables."""
    return f"{service}_rebuild"


def role(service: str) -> str:
    """The Postgres role of a service. Its schema is named as the service."""
    return f"veerkracht_{service}"


async def connect(service: str, settings: Settings) -> "asyncpg.Connection[Record]":
    """One connection as the service's role, outside the pool: for locks and LISTEN."""
    password = settings.database_password
    return await asyncpg.connect(
        settings.database_url,
        user=role(service),
        password=password.get_secret_value() if password else None,
        server_settings={"application_name": f"veerkracht-{service}", "search_path": service},
    )


async def create_pool(service: str, settings: Settings, **server_settings: str) -> Pool:
    """A pool as the service's role; `server_settings` go before those that every session gets."""
    password = settings.database_password
    return await asyncpg.create_pool(
        settings.database_url,
        user=role(service),
        password=password.get_secret_value() if password else None,
        server_settings={
            "application_name": f"veerkracht-{service}",
            "search_path": service,
            # A process that was stopped in the middle of a transaction lets go of its locks.
            "idle_in_transaction_session_timeout": "60s",
            **server_settings,
        },
        min_size=1,
        max_size=settings.database_pool_size,
        command_timeout=30,
        reset=_keep_session,
    )


def one_moment(connection: Connection) -> AbstractAsyncContextManager[object]:
    """Several reads that see the same moment, so that what they give ties."""
    return connection.transaction(isolation="repeatable_read", readonly=True)


async def _keep_session(_: "asyncpg.Connection[Record]") -> None:
    """Nothing to undo when a connection comes back: no user of a pool changes its session, and asyncpg ends what is
    left of a transaction. Its own reset would cost every command a round trip."""
