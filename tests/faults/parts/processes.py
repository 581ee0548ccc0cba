"""Scenarios of processes: killed, coming and going, stopped, hung, told to stop."""

import asyncio
import contextlib
import os
import random
import signal

from deploy.local import SERVICES

from ..note import Note, kill_at, pause
from ..world import World
from .watching import until

_KILLABLE = ("relays", "web", "community-pulse", *(f"{service}-stream" for service in SERVICES))


#: Have work whatever the load.
_BUSY = ("relays", "web", "monitor-stream", "community-stream", "feeds-stream")


async def kill_at_random_moments(world: World, dice: random.Random, note: Note) -> None:
    """kill -9 of every kind of process: at any moment, then at a random step of what it does."""
    for name in dice.sample(_KILLABLE, len(_KILLABLE)):
        await pause(dice.random() * 0.4)
        if world.stack.processes.pid(name) is not None:
            world.stack.processes.kill(name)
            note.injected["kill -9"] += 1
    await world.all_ready()
    await kill_at(world, {name: (".", dice.randint(1, 40)) for name in _BUSY}, note)
    await world.all_ready()


async def workers_come_and_go(world: World, dice: random.Random, note: Note) -> None:
    """From one worker of the monitor to four and back, by start, TERM and kill -9."""
    more = [f"monitor-stream-{n}" for n in (2, 3, 4)]
    for name in more:
        await world.resume(name)
        note.injected["start"] += 1
    await world.all_ready()
    victim = dice.choice(["monitor-stream", *more])
    world.stack.processes.kill(victim)
    note.injected["kill -9"] += 1
    for name in dice.sample([name for name in more if name != victim], 2):
        status = await world.halt(name)
        note.injected["TERM"] += 1
        if status not in (0, -signal.SIGTERM, None):
            note.wrong.append(f"{name} ended with status {status} after TERM")
    await world.all_ready()


async def a_zombie_wakes_up(world: World, dice: random.Random, note: Note) -> None:
    """SIGSTOP past the session timeout at the door of a transaction and in the middle of one, then CONT."""
    for name in ("monitor-stream", "monitor-stream-2", "monitor-stream-3"):
        if name not in world.up:
            await world.resume(name)
    await world.all_ready()
    zombies = {}
    for name, pattern, nth in (
        ("community-stream", "before BEGIN", dice.randint(1, 3)),
        ("monitor-stream", "after", dice.randint(2, 20)),
    ):
        zombies[name] = await world.pause_at(name, pattern, nth)
        note.injected["SIGSTOP"] += 1
    if "community-stream-2" not in world.up:
        await world.resume("community-stream-2")
    await pause(13)
    for pid in zombies.values():
        os.kill(pid, signal.SIGCONT)
        note.injected["CONT"] += 1
    await pause(2)
    await world.all_ready()
    for name in ("monitor-stream-2", "monitor-stream-3", "monitor-stream-4", "community-stream-2"):
        if name in world.up:
            await world.halt(name)


async def health_turns_red(world: World, dice: random.Random, note: Note) -> None:
    """A crashed app, a hung loop and a deadlocked pool: each is red, or silent, within 15 s."""
    sick = dict(zip(dice.sample(["monitor-stream", "community-stream", "feeds-stream"], 3),
                    ["crash", "hang", "hold-pool"], strict=True))  # fmt: skip
    for name, action in sick.items():
        await world.ears.trap(name, action, "before BEGIN")
        note.injected[action] += 1

    async def turns(name: str, action: str) -> None:
        async def red() -> bool:
            return bool(await world.red(name))

        try:
            note.said.append(f"{action}: red in {await until(red, 15, action):.0f} s")
        except AssertionError:
            note.wrong.append(f"{name}: {action}, and green after 15 s")

    await asyncio.gather(*(turns(name, action) for name, action in sick.items()))
    for name in sick:
        # What a supervisor does with what is red.
        if world.stack.processes.pid(name) is not None:
            world.stack.processes.kill(name)
    await world.all_ready()


async def term_in_a_batch(world: World, dice: random.Random, note: Note) -> None:
    """TERM in the middle of a batch: all of it or nothing, and gone within 10 s."""
    for name in dice.sample(_BUSY, len(_BUSY)):
        restarts = world.stack.processes.restarts(name)
        pid = await world.pause_at(name, "(before|after) ", dice.randint(2, 25))
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)
        note.injected["TERM"] += 1
        try:
            await world.ended(name, restarts, 10)
        except AssertionError:
            note.wrong.append(f"{name} had not ended 10 s after TERM")
            with contextlib.suppress(AssertionError):
                await world.ears.show(name)
            world.stack.processes.kill(name)
            await world.ended(name, restarts)
    await world.all_ready()
