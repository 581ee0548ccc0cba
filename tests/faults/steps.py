"""The steps of a process: each statement, commit and send, before and after; and traps that wait at one of them."""

import asyncio
import functools
import gc
import os
import re
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import faust
from aiokafka import AIOKafkaProducer

#: Done at a step; gets the connection of a statement, None at a send.
Action = Callable[["asyncpg.Connection[asyncpg.Record] | None"], Awaitable[None]]


@dataclass
class Trap:
    """Waits for the `nth` next step that `pattern` fits: `before SELECT …`, `after COMMIT;`, `before send`."""

    pattern: str
    nth: int
    action: Action


traps: list[Trap] = []


async def _reach(step: str, connection: "asyncpg.Connection[asyncpg.Record] | None") -> None:
    for trap in list(traps):
        if re.search(trap.pattern, step, re.IGNORECASE):
            trap.nth -= 1
            if trap.nth == 0:
                traps.remove(trap)
                await trap.action(connection)


def watch() -> None:
    """From now on this process stops at its traps."""
    for name in ("execute", "executemany", "fetch", "fetchrow", "fetchval"):
        _watch_statements(name)
    for name in ("send", "send_batch"):
        _watch_sends(name)


def _watch_sends(name: str) -> None:
    original = getattr(AIOKafkaProducer, name)

    @functools.wraps(original)
    async def watched(self: AIOKafkaProducer, *given: Any, **named: Any) -> Any:
        await _reach("before send", None)
        acknowledged = await original(self, *given, **named)
        await _reach("after send", None)
        return acknowledged

    setattr(AIOKafkaProducer, name, watched)


def _watch_statements(name: str) -> None:
    original = getattr(asyncpg.Connection, name)

    @functools.wraps(original)
    async def watched(self: "asyncpg.Connection[asyncpg.Record]", query: str, *given: Any, **named: Any) -> Any:
        if not traps:
            return await original(self, query, *given, **named)
        text = " ".join(query.split())
        await _reach(f"before {text}", self)
        answer = await original(self, query, *given, **named)
        await _reach(f"after {text}", self)
        return answer

    setattr(asyncpg.Connection, name, watched)


def send_signal(number: int) -> Action:
    """The process signals itself: KILL and STOP take effect at this very step."""

    async def act(_: "asyncpg.Connection[asyncpg.Record] | None") -> None:
        os.kill(os.getpid(), number)

    return act


async def lose_connection(connection: "asyncpg.Connection[asyncpg.Record] | None") -> None:
    """The connection breaks here: what was on its way to Postgres may or may not have happened."""
    if connection is not None:
        connection.terminate()
    raise asyncpg.ConnectionDoesNotExistError("connection lost (a fault was injected)")


async def hang(_: "asyncpg.Connection[asyncpg.Record] | None") -> None:
    """The event loop hangs."""
    time.sleep(600)  # noqa: ASYNC251  that is the fault


async def crash(_: "asyncpg.Connection[asyncpg.Record] | None") -> None:
    """Faust says that the app crashed, and everything else goes on."""
    for app in _live(faust.App):
        await app.crash(RuntimeError("a fault was injected"))


async def hold_pool(_: "asyncpg.Connection[asyncpg.Record] | None") -> None:
    """Every connection of every pool is taken and never given back."""

    async def hold(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        while True:
            _held.append(await pool.acquire())

    for pool in _live(asyncpg.Pool):
        _holders.append(asyncio.ensure_future(hold(pool)))


def show_tasks() -> None:
    """Print where every task stands: for a person who finds a process that hangs."""
    for loop in _live(asyncio.AbstractEventLoop):
        for task in asyncio.all_tasks(loop):
            task.print_stack(file=sys.stderr)
            waits: object = task.get_coro()
            while waits is not None:
                frame = getattr(waits, "cr_frame", None) or getattr(waits, "ag_frame", None)
                if frame is not None:
                    sys.stderr.write(f"    {frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}\n")
                waits = getattr(waits, "cr_await", None) or getattr(waits, "ag_await", None)
    sys.stderr.flush()


_held: list[object] = []
_holders: list[asyncio.Future[None]] = []


def _live(kind: type) -> list[Any]:
    return [one for one in gc.get_objects() if isinstance(one, kind)]


ACTIONS: dict[str, Action] = {
    "kill": send_signal(signal.SIGKILL),
    "stop": send_signal(signal.SIGSTOP),
    "term": send_signal(signal.SIGTERM),
    "lose-connection": lose_connection,
    "hang": hang,
    "crash": crash,
    "hold-pool": hold_pool,
}
