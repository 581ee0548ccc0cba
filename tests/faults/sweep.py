"""kill -9 at every step, one after the other: `python -m tests.faults.sweep apply | relay [CHANGE]`.

A child is forked for each step, so that nothing is imported anew: it does the work and kills itself at its k-th step;
then the work is done again, as after a restart. Without a crash any more, all steps have been had. Prints JSON.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any
from uuid import uuid4

from shared import database
from shared.contracts.community import DialogueHeld
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.kafka.reader import Incoming
from shared.outbox.relay import Relay
from shared.projections.projector import Projection
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings

from ..records import apply_run, cloud_event, numbered, run
from . import steps
from .protections import CHANGES

_SETTINGS = Settings.load()
_EVENTS = 3
#: A partition that no worker reads.
_HERE = Partition("community.dialogues", 99)
_MOST = 200


def _fork(work: Coroutine[Any, Any, None], crash_at: int | None, change: str | None) -> int:
    """Do the work in a child; returns its pid."""
    pid = os.fork()
    if pid:
        work.close()
        return pid
    status = 1
    try:
        os.dup2(2, 1)  # our result is the only thing on standard output
        steps.watch()
        if change:
            CHANGES[change]()
        if crash_at is not None:
            steps.traps.append(steps.Trap(".", crash_at, steps.send_signal(signal.SIGKILL)))
        asyncio.run(work)
        status = 0
    finally:
        os._exit(status)


def _crashed(pid: int) -> bool:
    """Wait for a child; whether it was killed. Raises when it failed in another way."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.WEXITSTATUS(status):
        raise RuntimeError(f"a child ended with status {os.WEXITSTATUS(status)}")
    return False


@dataclass
class Found:
    """What the sweep found."""

    steps: int = 0
    lost: int = 0
    doubled: int = 0
    examples: tuple[str, ...] = ()

    def count(self, step: int, wanted: int, times: list[int]) -> None:
        """Of `wanted` events, these stand there so often each."""
        lost, doubled = wanted - len(times), sum(n - 1 for n in times)
        if lost or doubled:
            self.lost += lost
            self.doubled += doubled
            self.examples += (f"killed at step {step}: {lost} lost, {doubled} doubled",)


def _held(dialogue: str) -> DialogueHeld:
    return DialogueHeld(
        dialogue=dialogue,
        municipality="GM0794",
        organiser="pon",
        initiative=None,
        themes=(Theme.CONNECTION,),
        held_on=date(2026, 11, 24),
        participants=None,
        topics=(DialogueTopic.MEETING,),
        action_count=0,
    )


async def _times(table: str, dialogues: list[str]) -> list[int]:
    connection = await database.connect("community", _SETTINGS)
    try:
        rows = await connection.fetch(
            f"SELECT count(*) AS n FROM {table} WHERE about = ANY($1) GROUP BY about",  # noqa: S608  two of ours
            [f"dialogue/{dialogue}" for dialogue in dialogues],
        )
    finally:
        await connection.close()
    return [row["n"] for row in rows]


def sweep_apply(change: str | None) -> Found:
    """Crash at each step of folding a batch with a poison record in it, then fold it again."""
    projection: Projection = import_module("services.community.app").projections(_SETTINGS)[0]
    # Its own claims: the worker counts in the same slots.
    projection = replace(projection, name=f"sweep-{uuid4()}")
    found = Found()
    offset = sequence = 0

    async def fold(records: Sequence[Incoming]) -> None:
        connection = await database.connect("community", _SETTINGS)
        await apply_run(connection, projection, _HERE, records, datetime.now(UTC))
        await connection.close()

    for step in range(1, _MOST):
        dialogues = [str(uuid4()) for _ in range(_EVENTS)]
        values: list[bytes | None] = []
        for dialogue in dialogues:
            sequence += 1
            values.append(cloud_event(_held(dialogue), sequence=sequence))
        values.insert(1, b"not an event")
        # Before the fork: what a child counts is forgotten.
        records = numbered(projection, _HERE, run(*values, start=offset))
        crashed = _crashed(_fork(fold(records), step, change))
        before = asyncio.run(_times("activity", dialogues))
        if len(before) not in (0, _EVENTS):
            found.count(step, _EVENTS, before)  # half a batch
        _crashed(_fork(fold(records), None, change))
        found.count(step, _EVENTS, asyncio.run(_times("activity", dialogues)))
        found.count(step, _EVENTS, asyncio.run(_times("newsletter_trigger", dialogues)))
        offset += len(values)
        if not crashed:
            found.steps = step - 1
            return found
    raise RuntimeError(f"folding takes more than {_MOST} steps")


def sweep_relay(change: str | None) -> Found:
    """Crash at each step of publishing; the caller compares, after a relay without a fault."""
    from .parts.sandbox import say  # it needs what only the runner has otherwise

    async def append() -> None:
        connection = await database.connect("community", _SETTINGS)
        await say(connection, [str(uuid4()) for _ in range(_EVENTS)])
        await connection.close()

    async def all_sent() -> bool:
        connection = await database.connect("community", _SETTINGS)
        try:
            return not await connection.fetchval("SELECT count(*) FROM unsent")
        finally:
            await connection.close()

    for step in range(1, _MOST):
        if asyncio.run(all_sent()):
            asyncio.run(append())
        pid = _fork(Relay("community", _SETTINGS).run(), step, change)
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                if not os.WIFSIGNALED(status):
                    raise RuntimeError(f"the relay ended with status {status}")
                break
            if asyncio.run(all_sent()):
                # It may stop at the step after marking, which it is about to take.
                time.sleep(0.3)
                if not os.waitpid(pid, os.WNOHANG)[0]:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                    return Found(steps=step - 1)
                break
            time.sleep(0.05)
    raise RuntimeError(f"publishing takes more than {_MOST} steps")


def main() -> None:
    """Sweep and print what was found."""
    what, change = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    found = {"apply": sweep_apply, "relay": sweep_relay}[what](change)
    sys.stdout.write(json.dumps(vars(found)))


if __name__ == "__main__":
    main()
