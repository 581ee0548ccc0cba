"""Rows that have served are forgotten by rule, a few at a time, while everything runs."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from ..database import TRANSIENT, Connection, Pool
from ..observability import metrics
from ..runtime.settings import Settings

#: Of each table what is older than its days. By place, so that a table is never looked through twice; what another
#: worker has in hand is left to it.
_ANSWERS = """
DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))
"""
#: What was never replayed is looked at by nobody after so long: what it says stands in the log still.
_DEAD_LETTERS = """
DELETE FROM dead_letter WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM dead_letter WHERE coalesce(replayed_at, found_at) < $1
    ORDER BY coalesce(replayed_at, found_at) LIMIT $2 FOR UPDATE SKIP LOCKED))
"""
#: At once: a transaction of milliseconds, which commands do not notice.
_BATCH = 1000
_NAP_SECONDS = 60.0

_log = structlog.get_logger(__name__)


async def forget(connection: Connection, settings: Settings, now: datetime, most: int = _BATCH) -> dict[str, int]:
    """Forget at most so many rows of each table; answers how many of which."""
    rules = {
        "idempotency": (_ANSWERS, settings.keep_answers_days),
        "dead_letter": (_DEAD_LETTERS, settings.keep_dead_letters_days),
    }
    return {
        table: int((await connection.execute(sql, now - timedelta(days=days), most)).split()[-1])
        for table, (sql, days) in rules.items()
    }


class Forgetting:
    """A stream worker's task: it goes on until nothing is left to forget, then looks again each minute."""

    name = "forgetting"

    def __init__(self, service: str, pool: Pool, settings: Settings) -> None:
        self._service = service
        self._pool = pool
        self._settings = settings

    def problem(self) -> str | None:
        """None: what is kept a while longer is no trouble."""
        return None

    async def run(self) -> None:
        """Forget until cancelled."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    forgotten = await forget(connection, self._settings, datetime.now(UTC))
            except TRANSIENT as error:
                _log.warning("nothing forgotten", service=self._service, error=repr(error))
                forgotten = {}
            for table, count in forgotten.items():
                metrics.ROWS_FORGOTTEN.labels(self._service, table).inc(count)
            await asyncio.sleep(0 if _BATCH in forgotten.values() else _NAP_SECONDS)
