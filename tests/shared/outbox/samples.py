"""Events to append."""

from collections.abc import Sequence
from datetime import UTC, datetime

from shared import outbox
from shared.contracts import Contract
from shared.contracts.monitor import AreaRegistered
from shared.contracts.vocabulary import AreaLevel
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ...records import NOW

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def area(code: str, name: str = "Helmond") -> AreaRegistered:
    return AreaRegistered(
        code=code, name=name, level=AreaLevel.MUNICIPALITY, parent="r", valid_from=NOW.date(), valid_until=None
    )


async def say(connection: Connection, events: Sequence[Contract]) -> None:
    cause = Cause(datetime.now(UTC), "test", TRACE)
    await outbox.append(connection, [Draft(event, cause) for event in events])
