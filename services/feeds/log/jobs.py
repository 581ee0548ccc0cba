"""The feed, rebuilt from the whole log: every event keeps its position, which is a cursor of partners."""

from datetime import datetime

from shared.database import Connection
from shared.projections.decoding import Batch
from shared.projections.rebuild import Rebuild
from shared.projections.rebuilt_log import RebuiltLog

from . import store
from .projection import log_projection

_LOG = RebuiltLog("feeds", store.LOG, brought=store.count_inserted)


def rebuild_log() -> Rebuild:
    """The events and how far each source is. Superseded figures, which the topic has no longer, come from the feed."""
    return Rebuild(silent=log_projection(_fold), tables=("event", "feed_head", "source"), log=_LOG)


async def _fold(connection: Connection, events: Batch, _: datetime) -> None:
    await store.insert(connection, await _LOG.places(connection, events), events)
