"""One command, one transaction: load, decide, save, append. Each answers False when exactly this was there already."""

from shared import directory, outbox
from shared.database import Connection
from shared.directory import Reference
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..budget import handlers as budget
from . import domain, reader, store
from .domain import Disburse, MakeCommitment


async def make_commitment(connection: Connection, command: MakeCommitment, cause: Cause) -> bool:
    """Promise money of a line."""
    line = await budget.lock_line(connection, command.line)
    earlier = await store.get_commitment(connection, command.commitment)
    if earlier is not None and earlier.made == command:
        return False
    if earlier is not None:
        raise outbox.id_in_use(command.commitment)
    await directory.require(
        connection,
        Reference("organisation", [command.recipient], "#/recipient"),
        Reference("initiative", [command.initiative] if command.initiative is not None else [], "#/initiative"),
    )
    event = domain.make_commitment(line, command, cause.today)
    # Another line's lock does not keep the id free.
    if not await store.insert_commitment(connection, event):
        raise outbox.id_in_use(command.commitment)
    await budget.count_commitment(connection, event.line, event.period, event.amount_cents)
    await outbox.append(connection, [Draft(event, cause)])
    return True


async def disburse(connection: Connection, command: Disburse, cause: Cause) -> bool:
    """Pay under a commitment."""
    made = (await reader.require_commitment(connection, command.commitment)).made
    # Others on the whole line wait, as the line is the key of its events. What they paid is known after that only.
    await budget.lock_line(connection, made.line)
    commitment = await reader.require_commitment(connection, command.commitment)
    earlier = await store.get_disbursement(connection, command.disbursement)
    if earlier == command:
        return False
    if earlier is not None:
        raise outbox.id_in_use(command.disbursement)
    event = domain.disburse(commitment, command, cause.today)
    if not await store.insert_disbursement(connection, event):
        raise outbox.id_in_use(command.disbursement)
    await budget.count_disbursement(connection, made.line, made.period, event.amount_cents)
    await outbox.append(connection, [Draft(event, cause)])
    return True
