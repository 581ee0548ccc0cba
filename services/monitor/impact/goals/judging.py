"""How goals are judged: apart from what moved them, one goal a transaction, in the order in which they were marked.

A verdict is told when it changes. What goes wrong in judging one goal is logged and counted, and stops nothing: it is
tried again when something moves, and when a worker starts, since its code may be new.
"""

import asyncio
import contextlib
from datetime import UTC, datetime

import stamina
import structlog

from shared import outbox
from shared.contracts.monitor import GoalJudged
from shared.database import TRANSIENT, Connection, Record, connect
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.runtime.settings import Settings

from . import handlers, store
from .domain import millionths
from .programme import Programme
from .register import judge, programme

_log = structlog.get_logger(__name__)
#: A notification may be lost: so long a mark then waits.
_NAP_SECONDS = 5.0
#: Between two passes, so that what moves much in a second is judged once.
_PAUSE_SECONDS = 0.1


async def judge_marked(connection: Connection, now: datetime) -> int:
    """Judge every goal that is marked, as of now; answers how many have another verdict. Not within a transaction."""
    # The marks first: what is read after them has seen what they stand for.
    marked = await store.moved_goals(connection)
    if not marked:
        return 0
    known = await programme(connection)
    return sum([await _judge(connection, known, mark, now) for mark in marked])


async def retry(connection: Connection, now: datetime) -> None:
    """Mark the goals that could not be judged before."""
    await store.mark_moved(connection, await store.unjudged_goals(connection), Cause.of_job("judge-again", now))


async def judge_all(connection: Connection, now: datetime) -> int:
    """Judge every goal, for those whose day has passed; answers how many have another verdict."""
    await handlers.mark_all(connection, Cause.of_job(f"judge-{now:%Y%m%d}", now))
    return await judge_marked(connection, now)


async def _judge(connection: Connection, known: Programme, mark: Record, now: datetime) -> bool:
    """One goal, in a transaction of its own; False when its verdict stays, or cannot be said."""
    try:
        async with connection.transaction():
            return await _settle(connection, known, mark, now)
    except TRANSIENT:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is: the next goal does not wait for it
        _log.error("a goal cannot be judged", goal=mark["goal"], exc_info=True)
        async with connection.transaction():
            await store.forget_moved(connection, mark["numbers"])
            await store.set_unjudged(connection, mark["goal"], now, type(error).__name__)
        return False


async def _settle(connection: Connection, known: Programme, mark: Record, now: datetime) -> bool:
    """Store and tell the verdict, when it is another one."""
    id_ = mark["goal"]
    there = await store.lock_goal(connection, id_)
    # Of two workers the second finds nothing left to do.
    if not await store.forget_moved(connection, mark["numbers"]) or not there:
        return False
    cause = Cause(now, mark["correlation_id"], mark["traceparent"], mark["causation_id"])
    ((goal, quantity),) = await store.goals(connection, [id_])
    found = await judge(connection, goal, quantity, known, cause.today)
    await store.set_judged(connection, id_)
    previous = await store.told_verdict(connection, id_)
    if found.verdict is previous:
        return False
    measured, target = millionths(found.measured), millionths(found.target)
    await store.set_verdict(connection, id_, found.verdict, previous, measured, target, found.reason, cause)
    event = GoalJudged(
        goal=id_,
        title=goal.title,
        verdict=found.verdict,
        previous=previous,
        indicator=goal.series.indicator if goal.series else None,
        area=goal.series.area if goal.series else None,
        target_millionths=target,
        measured_millionths=measured,
        reason=found.reason,
    )
    await outbox.append(connection, [Draft(event, cause)])
    return True


class Judging:
    """The task of the stream worker that judges what is marked, for as long as the worker runs."""

    name = "judging"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connected = False
        self._late = 0.0
        self._wake = asyncio.Event()

    def problem(self) -> str | None:
        """What is wrong, or None. A goal that cannot be judged is an alert, not a problem of the worker."""
        if not self._connected:
            return "judging has no connection to Postgres"
        if self._late > self._settings.stuck_after_seconds:
            return f"judging is late: something moved {self._late:.0f} s ago and its goals are not judged"
        return None

    async def run(self) -> None:
        """Judge until cancelled; passing trouble with Postgres starts a new turn."""
        async for attempt in stamina.retry_context(
            on=TRANSIENT, attempts=None, timeout=None, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                await self._turn()

    async def _turn(self) -> None:
        connection = await connect("monitor", self._settings)
        try:
            await connection.add_listener("goal_moved", lambda *_: self._wake.set())
            self._connected = True
            await retry(connection, datetime.now(UTC))
            while True:
                self._wake.clear()
                await self._pass(connection)
                await asyncio.sleep(_PAUSE_SECONDS)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _NAP_SECONDS)
        finally:
            self._connected = False
            connection.terminate()

    async def _pass(self, connection: Connection) -> None:
        try:
            await judge_marked(connection, datetime.now(UTC))
        except TRANSIENT:
            raise
        except Exception:  # noqa: BLE001  folding goes on in this process; the marks stay, and their age is a problem
            _log.error("goals cannot be judged", exc_info=True)
        self._late = await store.seconds_waiting(connection)
