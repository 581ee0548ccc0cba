"""Quality findings are published here by whoever in the monitor finds something."""

from shared import outbox
from shared.contracts.monitor import QualityFindingPublished
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause

from . import store


async def publish_finding(connection: Connection, finding: QualityFindingPublished, cause: Cause) -> bool:
    """Keep and tell a finding, in the caller's transaction; False when exactly this was told under its id.

    It may say nothing of what is not public: neither a figure that waits, nor how many do.
    """
    told = await store.put_finding(connection, finding, cause.now)
    if told:
        await outbox.append(connection, [Draft(finding, cause)])
    return told
