"""Scenarios of what is asked: nothing that is accepted, and nothing made up, ends a process, while others write."""

import random

import httpx2

from deploy.local import SERVICES
from shared.http.auth import ROLES
from tests.journeys.fuzzer import made_up, token_of
from tests.load import Dialogue
from tests.stateful.rounds import Rounds
from tests.stateful.verdict import LAID_ASIDE

from ..note import Note
from ..world import World
from . import tables

_ROUNDS, _EXTRA, _TIMES, _FOLLOW = 6, 150, 4, 150


async def commands_of_every_kind(world: World, dice: random.Random, note: Note) -> None:
    """Rounds of commands at the edges of what may be, each followed by a crawl of every page and API."""
    async with httpx2.AsyncClient(base_url=world.stack.base_url, timeout=60, trust_env=False) as client:
        rounds = Rounds(world.stack, client, dice.randrange(10**9))
        await rounds.begin(lambda: [id_ for _, id_ in world.load.others.copy()])
        going = True
        while going and rounds.rounds < _ROUNDS:
            going = await rounds.round(_EXTRA, _TIMES, _FOLLOW, alone=False)
            await world.more(1)
    for id_ in rounds.known.of("dialogues"):
        world.extra_held[id_] = Dialogue("", "", [])
    async with world.owner() as owner:
        letters = [letter for letter in await tables.dead_letters(owner) if letter.endswith(LAID_ASIDE)]
    world.buried += [letter for letter in letters if letter not in world.buried]
    note.injected["accepted commands"] += rounds.tally.accepted.total()
    note.injected["answers read"] += rounds.crawler.read
    if rounds.wrong:
        played = world.stack.state / "commands.txt"
        played.write_text(rounds.told(), encoding="utf-8")
        note.wrong += [*rounds.wrong[:20], f"the commands are in {played}"]
    note.wrong += [f"never accepted: {command}" for command in rounds.tally.never() if going]


async def made_up_input(world: World, dice: random.Random, note: Note) -> None:
    """A fuzzer for each service, a time with all roles and a time with one or none: for as long as an outage lasts."""
    seconds = max(int(2 * note.outage), 20)
    for service in SERVICES:
        for roles in ((), (dice.choice(ROLES),), ("nobody",)):
            token = "" if roles == ("nobody",) else token_of(world.stack, *roles)
            options = ("--max-examples=2000", f"--max-time={seconds}", f"--seed={dice.randrange(10**9)}")
            found = await made_up(world.stack, service, token, *options)
            note.injected["fuzzers"] += 1
            if found:
                note.wrong.append(f"{service} with {roles or 'all roles'}: {found[-1500:]}")
    async with world.owner() as owner:
        statuses = await tables.write_side(owner)
    for id_ in statuses.keys() - world.load.accepted.keys():
        world.extra_held[id_] = Dialogue("", "", [])
