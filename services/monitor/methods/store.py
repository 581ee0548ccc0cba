"""Postgres of the register of methods."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shared import outbox
from shared.contracts.monitor import MethodRegistered
from shared.contracts.registers import MethodCorrected, MethodWithdrawn
from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause
from shared.refusals import NotFound

_Q = queries(Path(__file__).with_name("methods.sql"))


async def insert_method(connection: Connection, method: MethodRegistered, cause: Cause) -> bool:
    """Store a method and say so; False when it was there."""
    said = await outbox.insert_with_event(
        connection, method, cause, _Q.insert_method, method.code, method.name, at="#/code"
    )
    return said is not None


async def lock_method(connection: Connection, code: str) -> MethodRegistered:
    """A method for a decision; others wait until this transaction ends. Raises NotFound."""
    return _found(await connection.fetchrow(_Q.lock_method, code), code)


async def require_method(connection: Connection, code: str) -> MethodRegistered:
    """One method, also when it is withdrawn. Raises NotFound."""
    return _found(await connection.fetchrow(_Q.get_method, code), code)


def _found(row: Record | None, code: str) -> MethodRegistered:
    if row is None:
        raise NotFound("unknown-method", f"Er is geen methode {code}.")
    return MethodRegistered(**row)


async def save_method(connection: Connection, revision: MethodCorrected | MethodWithdrawn, now: datetime) -> None:
    """Store how a method is now."""
    withdrawn = now if isinstance(revision, MethodWithdrawn) else None
    await connection.execute(_Q.save_method, revision.code, revision.name, revision.version, withdrawn)


async def is_used(connection: Connection, code: str) -> bool:
    """Whether a row of a file names a method."""
    return bool(await connection.fetchval(_Q.is_used, code))


async def list_methods(connection: Connection) -> Sequence[Record]:
    """Methods that may be named, by code."""
    return await connection.fetch(_Q.list_methods)
