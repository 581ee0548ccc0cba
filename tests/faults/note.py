"""What a scenario notes, and what two files of scenarios need."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from shared.runtime.settings import Settings

from .world import World

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Note:
    """What a scenario did, and what it found wrong besides the tables."""

    #: Long outages are this long, in seconds.
    outage: float
    injected: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    #: Remarks worth reading.
    said: list[str] = field(default_factory=list)
    #: The control beside waits for its fault; Postgres has no space; it has space again.
    beside: asyncio.Event = field(default_factory=asyncio.Event)
    full: asyncio.Event = field(default_factory=asyncio.Event)
    space: asyncio.Event = field(default_factory=asyncio.Event)


Scenario = Callable[[World, random.Random, Note], Awaitable[None]]


async def pause(seconds: float) -> None:
    """Let the load run on for a while."""
    await asyncio.sleep(seconds)


async def kill_at(world: World, traps: dict[str, tuple[str, int]], note: Note) -> None:
    """Each process kills itself at a step; wait until all have."""
    before = {name: world.stack.processes.restarts(name) for name in traps}
    for name, (pattern, nth) in traps.items():
        await world.ears.trap(name, "kill", pattern, nth)
    for name in traps:
        await world.ended(name, before[name])
        note.injected["kill -9 at a step"] += 1


def settings_of(world: World) -> Settings:
    return Settings(database_url=world.stack.postgres.url, kafka_servers=world.stack.broker.servers)
