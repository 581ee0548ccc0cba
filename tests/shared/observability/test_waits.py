"""The longest wait has a name, and is forgotten after some minutes."""

import asyncio
import gc

import pytest

from shared.database import create_pool
from shared.observability.waits import Waits, kind_of
from shared.projections import watermarks
from shared.runtime.settings import Settings
from tests.journeys.platform import until


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_longest_of_the_last_minutes_is_kept() -> None:
    clock = Clock()
    waits = Waits("monitor", "stream", clock)
    for seconds in (0.1, 2.0, 0.3):
        waits.note("lock", seconds)
    assert (waits.longest("lock"), waits.longest("commit")) == (2.0, 0.0)
    clock.now = 400.0
    waits.note("lock", 0.2)
    assert waits.longest("lock") == 2.0, "of the window before"
    clock.now = 800.0
    assert waits.longest("lock") == 0.2
    clock.now = 2000.0
    assert waits.longest("lock") == 0.0


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("COMMIT;", "commit"),
        (watermarks._LOCK, "lock"),
        ("SELECT pg_try_advisory_lock(1)", "lock"),
        ("INSERT INTO tally VALUES (1)", "statement"),
    ],
)
def test_a_statement_is_known_by_what_it_waits_for(statement: str, kind: str) -> None:
    assert kind_of(statement) == kind


async def test_statements_turns_and_garbage_are_noted(settings: Settings) -> None:
    waits = Waits("monitor", "stream")
    pool = await create_pool("monitor", settings, begin=waits.watch)
    loop = asyncio.create_task(waits.of_the_loop())
    try:
        await pool.execute("SELECT pg_sleep(0.2)")
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT 1 FROM watermark FOR UPDATE")
        gc.collect()

        async def noted() -> set[str]:
            return {what for what in ("statement", "lock", "commit", "garbage", "turn") if waits.longest(what) > 0}

        await until(noted, lambda found: len(found) == 5, 30)
        assert waits.longest("statement") >= 0.2
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        pool.terminate()
