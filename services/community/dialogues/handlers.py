"""One command, one transaction: load, decide, save, append. False: exactly this was there already."""

from shared import directory, outbox
from shared.contracts.community import DialoguePlanned
from shared.database import Connection
from shared.directory import Reference
from shared.outbox.cause import Cause

from . import domain, store
from .domain import Hold, WithdrawalReason


async def plan(connection: Connection, event: DialoguePlanned, cause: Cause) -> bool:
    """Plan a dialogue, in a municipality that exists on that day."""
    await directory.require(
        connection,
        Reference("municipality", [event.municipality], "#/municipality", on=event.planned_on),
        Reference("initiative", [event.initiative] if event.initiative is not None else [], "#/initiative"),
    )
    return await store.insert_dialogue(connection, event, cause)


async def hold(connection: Connection, dialogue: str, command: Hold, threshold: int, cause: Cause) -> None:
    """Record that a dialogue was held: what anyone may know, and the scores for the monitor. Never twice, and in a
    municipality that exists on that day."""
    domain.check(command)
    state = await store.lock_dialogue(connection, dialogue)
    held, findings = domain.hold(state, command, cause.today, threshold)
    await directory.require(connection, Reference("municipality", [state.municipality], "#/heldOn", on=command.held_on))
    await store.save_held(connection, dialogue, command)
    await outbox.append_with_internal(connection, held, [findings], cause)


async def withdraw(connection: Connection, dialogue: str, reason: WithdrawalReason, cause: Cause) -> bool:
    """Withdraw a dialogue; the first reason stands."""
    state = await store.lock_dialogue(connection, dialogue)
    events = domain.withdraw(state)
    if not events:
        return False
    await store.save_withdrawn(connection, dialogue, reason, cause.now)
    await outbox.append_with_internal(connection, events[0], events[1:], cause)
    return True
