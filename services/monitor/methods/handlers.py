"""The command of the register of methods, one transaction. It answers False when exactly this was there already."""

from shared.contracts.monitor import MethodRegistered
from shared.database import Connection
from shared.outbox.cause import Cause

from . import store


async def register_method(connection: Connection, method: MethodRegistered, cause: Cause) -> bool:
    """Register a method."""
    return await store.insert_method(connection, method, cause)
