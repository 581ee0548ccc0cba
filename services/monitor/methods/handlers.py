"""The commands of the register of methods, one transaction each. Each answers False when exactly this was there."""

from shared import outbox
from shared.contracts.monitor import MethodRegistered
from shared.contracts.registers import MethodCorrected, MethodWithdrawn
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.revisions import Asked, revise, still_named

from . import store


async def register_method(connection: Connection, method: MethodRegistered, cause: Cause) -> bool:
    """Register a method."""
    return await store.insert_method(connection, method, cause)


async def correct_method(connection: Connection, asked: Asked[MethodRegistered], cause: Cause) -> bool:
    """Say what a method is called, and was from the start."""
    said = await outbox.history(connection, await store.lock_method(connection, asked.subject.code))
    return await _save(connection, revise(said, MethodCorrected, asked.grounds, asked.subject), cause)


async def withdraw_method(connection: Connection, asked: Asked[str], cause: Cause) -> bool:
    """Withdraw a method by which nothing was measured."""
    method = await store.lock_method(connection, asked.subject)
    revision = revise(await outbox.history(connection, method), MethodWithdrawn, asked.grounds)
    if revision is not None and await store.is_used(connection, method.code):
        raise still_named(method, "waarnemingen")
    return await _save(connection, revision, cause)


async def _save(connection: Connection, revision: MethodCorrected | MethodWithdrawn | None, cause: Cause) -> bool:
    if revision is None:
        return False
    await store.save_method(connection, revision, cause.now)
    await outbox.append(connection, [Draft(revision, cause)])
    return True
