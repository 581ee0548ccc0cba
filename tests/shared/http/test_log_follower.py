"""Following a log: trouble with the connection costs the stream nothing, a bug stops it and health says so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import asyncpg
import pytest

from shared.database import RENEWED, Connection, OrderedLog, Pool
from shared.http.log_follower import LogEntry, LogFollower
from shared.runtime.settings import Settings

ENDED = asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")


@dataclass(frozen=True)
class Everything:
    """A filter that leaves nothing out."""

    def accepts(self, tags: Collection[str]) -> bool:
        return tags is not None


async def first_frame(settings: Settings, pool: Pool, trouble: Exception) -> tuple[bytes | None, str | None]:
    """What a reader gets when the first reading of the table fails, and what health says."""
    troubles = [trouble]

    async def read(_: Connection, after: int, __: int) -> Sequence[LogEntry]:
        if troubles:
            raise troubles.pop()
        return [LogEntry(1, "x", b"{}", frozenset())] if after < 1 else []

    follower = LogFollower("monitor", settings, pool, OrderedLog("nothing", "nothing_head", "nothing"), read)
    async with follower.running(0):
        got = await anext(follower.follow(0, Everything()), None)
        return got, follower.problem()


@pytest.mark.parametrize("trouble", [ENDED, ConnectionResetError(), asyncpg.CannotConnectNowError("starting up")])
async def test_a_lost_connection_costs_the_stream_nothing(
    settings: Settings, monitor_pool: Pool, trouble: Exception
) -> None:
    assert await first_frame(settings, monitor_pool, trouble) == (b"id: 1\nevent: x\ndata: {}\n\n", None)


async def test_control_a_bug_stops_the_stream_and_health_says_so(settings: Settings, monitor_pool: Pool) -> None:
    got, problem = await first_frame(settings, monitor_pool, KeyError("a bug"))
    assert got is None
    assert problem == "the stream on nothing has stopped"


@pytest.mark.parametrize("word", [RENEWED, ""])
async def test_what_was_read_is_read_again_once_the_table_was_made_again(
    settings: Settings, monitor_pool: Pool, word: str
) -> None:
    rows = [LogEntry(1, "x", b"1", frozenset()), LogEntry(2, "x", b"2", frozenset())]

    async def read(_: Connection, after: int, __: int) -> Sequence[LogEntry]:
        return [row for row in rows if row.position > after]

    log = OrderedLog("nothing", "nothing_head", "nothing")
    follower = LogFollower("monitor", settings, monitor_pool, log, read)
    async with follower.running(0), monitor_pool.acquire() as connection:
        reader = follower.follow(0, Everything())
        assert await anext(reader) == rows[0].frame + rows[1].frame
        rows[0] = LogEntry(1, "x", b"otherwise", frozenset())
        rows.append(LogEntry(3, "x", b"3", frozenset()))
        await log.wake(connection, word)
        assert await anext(reader) == rows[2].frame
        again = await anext(follower.follow(0, Everything()))
        assert (b"otherwise" in again) is (word == RENEWED), "control: without the word memory is good"
