"""Scenarios of what everything stands on: Postgres, its disk, the broker."""

import asyncio
import contextlib
import os
import random
from io import FileIO
from pathlib import Path

from ..note import Note, pause
from ..world import World
from .watching import until


async def postgres_fails(world: World, dice: random.Random, note: Note) -> None:
    """Backends killed, connections lost in COMMIT on either side of it, a restart, an outage."""
    for _ in range(3):
        async with world.owner() as owner:
            note.injected["backends killed"] += await owner.fetchval(
                """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = 'veerkracht' AND pid <> pg_backend_pid() AND random() < 0.5"""
            )
        await pause(dice.random())
    for side in ("before COMMIT", "after COMMIT"):
        for name in ("web", "monitor-stream", "community-stream", "feeds-stream"):
            await world.ears.trap(name, "lose-connection", side, dice.randint(1, 3))
            note.injected["lost in COMMIT"] += 1
    for side in ("before UPDATE outbox_head AS head SET sent", "after UPDATE outbox_head AS head SET sent"):
        await world.ears.trap("relays", "lose-connection", side)
        note.injected["lost in marking"] += 1
        await pause(1)
    await world.stack.postgres.restart()
    note.injected["restart"] += 1
    await world.more(3)
    await world.stack.postgres.stop()
    note.injected[f"outage of {note.outage:.0f} s"] += 1
    await pause(note.outage)
    await world.stack.postgres.restart()


async def the_broker_fails(world: World, dice: random.Random, note: Note) -> None:
    """A kill -9 and a restart, then an outage; it must go on by itself within 30 s, or say that it does not.

    The coordinator can move only where there is another broker: `make compose-test` does that, on three.
    """
    await world.stack.broker.kill()
    await world.stack.broker.restart()
    note.injected["kill -9 and restart"] += 1
    await _resumes(world, note, "the restart")
    await world.stack.broker.stop()
    note.injected[f"outage of {note.outage:.0f} s"] += 1
    await pause(note.outage * (0.8 + 0.4 * dice.random()))
    await world.stack.broker.restart()
    await _resumes(world, note, "the outage")


async def _resumes(world: World, note: Note, after: str) -> None:
    """A command from now on is seen as activity within 30 s, or something is red."""
    async with world.owner() as owner:
        since = await owner.fetchval("SELECT now()")

        async def told() -> bool:
            seen: bool = await owner.fetchval(
                "SELECT EXISTS (SELECT FROM community.activity WHERE occurred_at > $1)", since
            )
            return seen

        try:
            took = await until(told, 30, "progress")
        except AssertionError:
            red = await world.red()
            if not red:
                note.wrong.append(f"no progress 30 s after {after}, and everything is green")
            note.said.append(f"30 s after {after}: {len(red)} red")
        else:
            note.said.append(f"{took:.0f} s after {after} it moves")


async def the_disk_is_full(world: World, _: random.Random, note: Note) -> None:
    """No space left for Postgres: a clear error, nothing lost, and it goes on when there is space again."""
    if world.disk is None:
        note.wrong.append("needs root, to mount a small tmpfs")
        return
    await note.beside.wait()
    ballast = world.disk / "ballast"
    full_for = max(5.0, note.outage / 4)
    loop = asyncio.get_running_loop()
    with ballast.open("wb", buffering=0) as file:
        await asyncio.to_thread(_fill, file, world.disk)
        note.full.set()
        began = loop.time()
        while loop.time() - began < full_for:
            await asyncio.to_thread(_fill, file, world.disk)  # what Postgres gives back is taken at once
            await pause(0.05)
        note.injected["seconds full"] += round(loop.time() - began)
    ballast.unlink()
    note.space.set()
    note.said.append(f"commands answered {dict(world.load.retries)}")
    if world.load.retries.keys() - {"503"}:
        note.wrong.append(f"a full disk is no clear error: {dict(world.load.retries)}")
    if not world.load.retries:
        note.wrong.append("no command was refused: the disk was not full")
    if not await _postgres_answers(world):
        # It stops when it cannot write its log; a supervisor starts it again.
        await world.stack.postgres.restart()
        note.said.append("Postgres had stopped")


def _fill(file: FileIO, disk: Path) -> None:
    """Take all space that is left."""
    space = os.statvfs(disk)
    with contextlib.suppress(OSError):
        os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), space.f_bavail * space.f_frsize)
    with contextlib.suppress(OSError):
        while True:
            file.seek(0, os.SEEK_END)
            file.write(b"\0" * 4096)


async def _postgres_answers(world: World) -> bool:
    async def answers() -> bool:
        async with world.owner():
            return True

    try:
        await until(answers, 5, "Postgres answers")
    except AssertionError:
        return False
    return True
