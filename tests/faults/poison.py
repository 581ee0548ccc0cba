"""Scenarios of poison: records and events that cannot be folded."""

import asyncio
import json
import random
from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import httpx2
from aiokafka import AIOKafkaProducer

from shared import database, outbox
from shared.contracts import TOPICS
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded, Finding
from shared.contracts.vocabulary import DialogueTopic
from shared.outbox import Draft
from shared.outbox.cause import Cause

from ..load import Dialogue
from .note import TRACE, Note, settings_of
from .parts.watching import until
from .world import World


async def poison(world: World, dice: random.Random, note: Note) -> None:
    """Poison first, in the middle and last of what a worker reads; nothing but poison; dead letters replayed twice."""
    kinds = (b"not an event", None, b'{"id": "x", "source":')
    name = "monitor-stream"
    await world.halt(name)
    places: list[tuple[int, int]] = []
    producer = AIOKafkaProducer(bootstrap_servers=world.stack.broker.servers)
    await producer.start()
    try:
        for _ in range(3):
            for partition in range(TOPICS[FINDINGS].partitions):
                sent = await producer.send_and_wait(FINDINGS, dice.choice(kinds), key=b"poison", partition=partition)
                places.append((partition, sent.offset))
                note.injected["poison records"] += 1
            await world.more(2)
        later = await _for_an_unknown_place(world)
        await world.resume(name)
        await _buried(world, name, places, note)
        await _replayed(world, later, note)
        await _nothing_but_poison(world, producer, note)
    finally:
        await producer.stop()


async def _for_an_unknown_place(world: World) -> str:
    """An event that can be folded only later: its municipality is not registered yet. Returns its dialogue."""
    id_, today = str(uuid4()), datetime.now(UTC).date()
    finding = Finding(topic=DialogueTopic.MEETING, scores=(1, 0, 0, 0, 11))
    event = DialogueFindingsRecorded(dialogue=id_, municipality="GM9999", held_on=today, findings=(finding,))
    connection = await database.connect("community", settings_of(world))
    try:
        await outbox.append(connection, [Draft(event, Cause(datetime.now(UTC), "faults", TRACE))])
    finally:
        await connection.close()
    return id_


async def _letters(world: World) -> list[asyncpg.Record]:
    async with world.owner() as owner:
        return await owner.fetch(
            """SELECT id, partition, "offset", convert_from(value, 'UTF8') AS value, reason FROM monitor.dead_letter
               ORDER BY id"""
        )


def _line(row: asyncpg.Record) -> str:
    return f"monitor.figures {FINDINGS}-{row['partition']}@{row['offset']}: {row['reason']}"


async def _buried(world: World, name: str, places: list[tuple[int, int]], note: Note) -> None:
    async def all_found() -> bool:
        return len(await _letters(world)) >= len(places) + 1

    await until(all_found, 60, f"{name} sets the poison aside")
    letters = await _letters(world)
    found = Counter((row["partition"], row["offset"]) for row in letters)
    for place in places:
        if found[place] != 1:
            note.wrong.append(f"poison at {place}: {found[place]} dead letters")
    if len(letters) != len(places) + 1:
        note.wrong.append(f"{len(places) + 1} poison records became {len(letters)} dead letters")
    world.buried += [_line(row) for row in letters]


async def _replayed(world: World, dialogue: str, note: Note) -> None:
    """The place becomes known; four replays, two of them at once, fold it once."""
    area = {"code": "GM9999", "name": "Nieuw", "level": "municipality", "parent": "zuidoost-brabant",
            "validFrom": "2016-01-01", "validUntil": None}  # fmt: skip
    async with httpx2.AsyncClient(base_url=world.stack.base_url, timeout=30, trust_env=False) as client:

        async def post(role: str, path: str, body: object = None) -> httpx2.Response:
            return await client.post(path, json=body, headers={"Authorization": f"Bearer {world.stack.tokens[role]}"})

        answer = await post("programme", "/monitor/v1/areas", area)
        if not answer.is_success:
            note.wrong.append(f"registering the place: {answer.status_code} {answer.text}")
        (letter,) = [row["id"] for row in await _letters(world) if dialogue in (row["value"] or "")]
        path = f"/monitor/v1/dead-letters/{letter}/replays"
        answers = [*await asyncio.gather(post("operator", path), post("operator", path))]
        answers += [await post("operator", path), await post("operator", path)]
        note.injected["replays of one dead letter"] += len(answers)
        folded = [json.loads(answer.content).get("folded") for answer in answers]
        if folded.count(True) != 1:
            note.wrong.append(f"a dead letter replayed {len(answers)} times: folded {folded}")
    # It was committed in the outbox, not by the load.
    today = datetime.now(UTC).date().isoformat()
    world.load.accepted.pop(dialogue, None)
    world.extra_held[dialogue] = Dialogue("GM9999", today, [("ontmoeting", [1, 0, 0, 0, 11])])


async def _nothing_but_poison(world: World, producer: AIOKafkaProducer, note: Note) -> None:
    """More poison than may be set aside in a row: the worker keeps so many, touches nothing past them, and says so."""
    name, many, most = "monitor-stream", 150, 100
    before = len(await _letters(world))
    for ack in [await producer.send(FINDINGS, b"poison", partition=0) for _ in range(many)]:
        await ack
    note.injected["poison in a row"] += many
    await _halted(world, name)
    # It is halted through a restart too, and folds nothing.
    world.stack.processes.kill(name)
    await _halted(world, name)
    if (kept := len(await _letters(world)) - before) != most:
        note.wrong.append(f"{many} poison records in a row: {kept} dead letters, {most} are allowed")
    # The operator has looked at them and lets the projection go on.
    await world.halt(name)
    await world.resume(name, VEERKRACHT_HALT_AFTER_DEAD_LETTERS=str(many + 1))

    async def all_found() -> bool:
        return len(await _letters(world)) >= before + many

    await until(all_found, 60, "all of it is set aside")
    await world.all_ready()
    letters = await _letters(world)
    if len(letters) - before != many:
        note.wrong.append(f"{many} poison records became {len(letters) - before} dead letters")
    world.buried += [_line(row) for row in letters[before:]]


async def _halted(world: World, name: str) -> None:
    async def said() -> bool:
        return any("dead letters in a row" in red for red in await world.red(name))

    await until(said, 40, f"{name} says why it halted")
