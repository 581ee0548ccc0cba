"""The activity, rebuilt from the whole log: every activity keeps its position, which is a cursor of readers."""

from datetime import UTC, datetime

from shared.database import Connection
from shared.projections.decoding import Batch
from shared.projections.rebuild import Rebuild
from shared.projections.rebuilt_log import RebuiltLog

from ..names.handlers import learn_names
from ..triggers.handlers import keep_triggers, tell_rebuilt
from . import store
from .projection import activity_projection, news_of, placed

_LOG = RebuiltLog("community", store.LOG, beside="newsletter_trigger")


def rebuild_activity() -> Rebuild:
    """The activity, the names in it and what it raises for the newsletter; what was not raised before is told, once."""
    return Rebuild(
        silent=activity_projection(_fold),
        tables=("newsletter_trigger", "activity", "activity_head", "name"),
        tell=_tell,
        log=_LOG,
    )


async def _fold(connection: Connection, events: Batch, now: datetime) -> None:
    await learn_names(connection, [event.data for event in events])
    if news := news_of(events):
        positions = await _LOG.places(connection, [event for event, _ in news])
        await store.insert(connection, positions, news)
        await keep_triggers(connection, placed(positions, news), now)


async def _tell(connection: Connection) -> None:
    await tell_rebuilt(connection, datetime.now(UTC))
