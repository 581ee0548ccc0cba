"""Postgres of the register of methods."""

from collections.abc import Sequence
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import MethodRegistered
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

_Q = queries(Path(__file__).with_name("methods.sql"))


async def insert_method(connection: Connection, method: MethodRegistered, cause: Cause) -> bool:
    """Store a method and say so; False when it was there."""
    said = await outbox.insert_with_event(connection, method, cause, _Q.insert_method, method.code, method.name)
    return said is not None


async def list_methods(connection: Connection) -> Sequence[Record]:
    """Methods by code."""
    return await connection.fetch(_Q.list_methods)
