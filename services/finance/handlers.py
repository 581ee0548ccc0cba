"""One command, one transaction: load, decide, save, append. Each answers False when exactly this was there already."""

from shared import directory, outbox
from shared.contracts.finance import BudgetFindingPublished, BudgetLineAdopted, CapacityShareStated
from shared.database import Connection
from shared.directory import Reference
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from . import domain, store
from .domain import Disburse, MakeCommitment


async def adopt_line(connection: Connection, line: BudgetLineAdopted, cause: Cause) -> bool:
    """Adopt a line as stated in the document."""
    domain.check_line(line)
    return await store.insert_line(connection, line, cause)


async def state_share(connection: Connection, share: CapacityShareStated, cause: Cause) -> bool:
    """State which part of a performance's amount is capacity of a party."""
    room = await store.lock_room(connection, share.performance, share.period)
    if await outbox.is_repeat(connection, share):
        return False
    domain.check_share(room, share)
    return await store.insert_share(connection, share, cause)


async def publish_finding(connection: Connection, finding: BudgetFindingPublished, cause: Cause) -> bool:
    """Publish what does not tie."""
    return await store.insert_finding(connection, finding, cause)


async def make_commitment(connection: Connection, command: MakeCommitment, cause: Cause) -> bool:
    """Promise money of a line."""
    line = await store.lock_line(connection, command.line)
    if line is None:
        raise NotFound("budget-line-not-found", f"Er is geen begrotingsregel {command.line}.")
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
    await outbox.append(connection, [Draft(event, cause)])
    return True


async def disburse(connection: Connection, command: Disburse, cause: Cause) -> bool:
    """Pay under a commitment."""
    commitment = await store.lock_commitment(connection, command.commitment)
    if commitment is None:
        raise NotFound("commitment-not-found", f"Er is geen verplichting {command.commitment}.")
    earlier = await store.get_disbursement(connection, command.disbursement)
    if earlier == command:
        return False
    if earlier is not None:
        raise outbox.id_in_use(command.disbursement)
    event = domain.disburse(commitment, command, cause.today)
    if not await store.insert_disbursement(connection, event):
        raise outbox.id_in_use(command.disbursement)
    await outbox.append(connection, [Draft(event, cause)])
    return True
