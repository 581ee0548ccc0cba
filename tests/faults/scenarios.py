"""The faults of the platform under load, each a function of the world, dice and a note. The runner judges."""

import asyncio
import contextlib
import json
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
from aiokafka import AIOKafkaProducer
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from deploy.local import SERVICES
from services.community import handlers
from services.community.domain import Hold
from shared import database, outbox
from shared.contracts import TOPICS, stream_of
from shared.contracts.community import FINDINGS, DialogueFindingsRecorded, DialoguePlanned, Finding
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.outbox import Draft
from shared.settings import Settings
from shared.trace import Cause

from ..load import Dialogue
from .world import READS, World, until

_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_KILLABLE = ("relays", "web", *(f"{service}-stream" for service in SERVICES))


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


async def _pause(seconds: float) -> None:
    """Let the load run on for a while."""
    await asyncio.sleep(seconds)


async def kill_at_random_moments(world: World, dice: random.Random, note: Note) -> None:
    """kill -9 of every kind of process: at any moment, then at a random step of what it does."""
    for name in dice.sample(_KILLABLE, len(_KILLABLE)):
        await _pause(dice.random() * 0.4)
        if world.stack.processes.pid(name) is not None:
            world.stack.processes.kill(name)
            note.injected["kill -9"] += 1
    await world.all_ready()
    await _kill_at(world, {name: (".", dice.randint(1, 40)) for name in _BUSY}, note)
    await world.all_ready()


#: Have work whatever the load.
_BUSY = ("relays", "web", "monitor-stream", "community-stream", "feeds-stream")


async def _kill_at(world: World, traps: dict[str, tuple[str, int]], note: Note) -> None:
    """Each process kills itself at a step; wait until all have."""
    before = {name: world.stack.processes.restarts(name) for name in traps}
    for name, (pattern, nth) in traps.items():
        await world.ears.trap(name, "kill", pattern, nth)
    for name in traps:
        await world.ended(name, before[name])
        note.injected["kill -9 at a step"] += 1


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
    await _pause(13)
    for pid in zombies.values():
        os.kill(pid, signal.SIGCONT)
        note.injected["CONT"] += 1
    await _pause(2)
    await world.all_ready()
    for name in ("monitor-stream-2", "monitor-stream-3", "monitor-stream-4", "community-stream-2"):
        if name in world.up:
            await world.halt(name)


async def postgres_fails(world: World, dice: random.Random, note: Note) -> None:
    """Backends killed, connections lost in COMMIT on either side of it, a restart, an outage."""
    for _ in range(3):
        async with world.owner() as owner:
            note.injected["backends killed"] += await owner.fetchval(
                """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = 'veerkracht' AND pid <> pg_backend_pid() AND random() < 0.5"""
            )
        await _pause(dice.random())
    for side in ("before COMMIT", "after COMMIT"):
        for name in ("web", "monitor-stream", "community-stream", "feeds-stream"):
            await world.ears.trap(name, "lose-connection", side, dice.randint(1, 3))
            note.injected["lost in COMMIT"] += 1
    for side in ("before UPDATE outbox_head AS head SET sent", "after UPDATE outbox_head AS head SET sent"):
        await world.ears.trap("relays", "lose-connection", side)
        note.injected["lost in marking"] += 1
        await _pause(1)
    await world.stack.postgres.restart()
    note.injected["restart"] += 1
    await world.more(3)
    await world.stack.postgres.stop()
    note.injected[f"outage of {note.outage:.0f} s"] += 1
    await _pause(note.outage)
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
    await _pause(note.outage * (0.8 + 0.4 * dice.random()))
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


async def the_relay_dies_before_marking(world: World, dice: random.Random, note: Note) -> None:
    """kill -9 after the broker's acknowledgement, before the rows are marked as sent."""
    before = await world.copies()
    for _ in range(2):
        await _kill_at(world, {"relays": ("before UPDATE outbox_head AS head SET sent", dice.randint(1, 2))}, note)
        await world.all_ready()
    note.said.append(await _copies_made(world, before, note))


async def _copies_made(world: World, before: int, note: Note) -> str:
    most = 0

    async def sent() -> bool:
        nonlocal most
        most = max(most, await world.copies() - before)
        return most > 0

    try:
        await until(sent, 20, "duplicates")
    except AssertionError:
        note.wrong.append("no duplicate got into Kafka: the fault missed")
    return f"at least {most} duplicates in Kafka"


async def duplicates_and_disorder(world: World, dice: random.Random, note: Note) -> None:
    """Records late, out of order within a key and twice; and two commands that commit long after others began."""
    await world.ears.change("relays", "with jitter")
    note.injected["relay with jitter"] += 1
    before = await world.copies()
    slow = [asyncio.create_task(_slow_command(world, dice.randint(2, 9), 3)) for _ in range(2)]
    for task in slow:
        await task
        note.injected["long transaction"] += 1
    await world.more(5)
    await world.halt("relays")
    await world.resume("relays")
    note.said.append(await _copies_made(world, before, note))


def _settings(world: World) -> Settings:
    return Settings(database_url=world.stack.postgres.url, kafka_servers=world.stack.broker.servers)


async def _slow_command(world: World, score: int, seconds: float) -> None:
    """Plan and hold a dialogue in one transaction that commits late."""
    id_, today = str(uuid4()), datetime.now(UTC).date()
    scores = (0, 0, score, 0, 0)
    cause = Cause(datetime.now(UTC), "faults", _TRACE)
    connection = await database.connect("community", _settings(world))
    try:
        async with connection.transaction():
            event = DialoguePlanned(
                dialogue=id_, municipality="GM0794", neighbourhood=None, organiser="pon", initiative=None,
                themes=(Theme.CONNECTION,), planned_on=today - timedelta(days=7),
            )  # fmt: skip
            await handlers.plan(connection, event, cause)
            hold = Hold(today, {"bewoners": score}, (Finding(topic=DialogueTopic.MEETING, scores=scores),), ())
            await handlers.hold(connection, id_, hold, 10, cause)
            await _pause(seconds)
    finally:
        await connection.close()
    world.load.accepted[id_] = Dialogue("GM0794", today.isoformat(), [("ontmoeting", list(scores))])


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
    connection = await database.connect("community", _settings(world))
    try:
        await outbox.append(connection, [Draft(event, Cause(datetime.now(UTC), "faults", _TRACE))])
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
    async with httpx.AsyncClient(base_url=world.stack.base_url, timeout=30, trust_env=False) as client:

        async def post(role: str, path: str, body: object = None) -> httpx.Response:
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
    before, restarts = len(await _letters(world)), world.stack.processes.restarts(name)
    log = world.stack.processes.log(name)
    read = log.stat().st_size
    for ack in [await producer.send(FINDINGS, b"poison", partition=0) for _ in range(many)]:
        await ack
    note.injected["poison in a row"] += many
    await world.ended(name, restarts, 40)
    said = log.read_text(encoding="utf-8", errors="replace")[read:]
    if "dead letters in a row" not in said:
        note.wrong.append("the worker did not say why it halted")

    # It starts again, finds them, and halts before it folds anything.
    await world.ended(name, world.stack.processes.restarts(name), 40)
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


async def kafka_forgets(world: World, dice: random.Random, note: Note) -> None:
    """The groups' offsets in Kafka forced ahead, back and away: the watermark decides. Then records past it go."""
    groups = {"monitor": "figures", "community": "activity", "feeds": "log"}
    for service in groups:
        await world.halt(f"{service}-stream")
    await world.more(3)
    how = dice.sample(["ahead", "behind", "deleted"], 3)
    for (service, projection), way in zip(groups.items(), how, strict=True):
        await _force(world, service, projection, way)
        note.injected[f"offsets {way}"] += 1
    for service in groups:
        await world.resume(f"{service}-stream")
    await world.all_ready()
    await _records_gone(world, note)


async def _force(world: World, service: str, projection: str, way: str) -> None:
    group = f"{service}.{projection}"
    ends = await world.log.ends()
    topics = READS[service][projection]

    def ask() -> None:
        admin = world.log.admin
        if way == "deleted":
            for answer in admin.delete_consumer_groups([group]).values():
                answer.result()
            return
        places = [
            TopicPartition(topic, n, ends[topic, n] if way == "ahead" else 0)
            for topic in topics
            for n in range(TOPICS[topic].partitions)
        ]
        for answer in admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, places)]).values():
            answer.result()

    async def done() -> bool:
        # A member that was stopped may still be leaving.
        with contextlib.suppress(Exception):
            await asyncio.to_thread(ask)
            return True
        return False

    await until(done, 20, f"the offsets of {group} are {way}")


async def _records_gone(world: World, note: Note) -> None:
    """Retention ran past the watermark: the worker halts and says what to do; an operator does it."""
    name = "monitor-stream"
    await world.halt(name)
    await world.more(6)

    marks = await _marks(world)

    async def past() -> bool:
        ends = await world.log.ends()
        return any(ends[FINDINGS, n] > marks[n] for n in marks)

    await until(past, 30, "records past the watermark")
    ends = await world.log.ends()
    gone = {n: ends[FINDINGS, n] for n in marks if ends[FINDINGS, n] > marks[n]}

    def delete() -> None:
        places = [TopicPartition(FINDINGS, n, offset) for n, offset in gone.items()]
        admin = world.log.admin
        for answer in admin.delete_records(places).values():
            answer.result()

    await asyncio.to_thread(delete)
    note.injected["partitions with records gone"] += len(gone)
    log = world.stack.processes.log(name)
    read, restarts = log.stat().st_size, world.stack.processes.restarts(name)
    await world.resume(name)
    try:
        await world.ended(name, restarts, 40)
    except AssertionError:
        red = await world.red(name)
        note.wrong.append(f"records are gone, and the worker goes on: {red or 'green'}")
    said = log.read_text(encoding="utf-8", errors="replace")[read:]
    if "estore" not in said and "rebuild" not in said.lower():
        note.wrong.append("records are gone, and the worker does not say what to do")
    now = await _marks(world)
    if any(now[n] > marks[n] for n in gone):
        note.wrong.append("records are gone, and the watermark moved past them")
    await world.halt(name)
    # What the message asks for: the topic whole again, and the projection where the log begins.
    async with world.owner() as owner:
        for n, offset in gone.items():
            await owner.execute(
                "UPDATE monitor.watermark SET next_offset = $1 WHERE topic = $2 AND partition = $3", offset, FINDINGS, n
            )
        await owner.execute("UPDATE community.outbox_head SET sent = 0 WHERE stream = $1", stream_of(FINDINGS))
    note.said.append("resent by the operator")
    await world.resume(name)
    await world.all_ready()


async def _marks(world: World) -> dict[int, int]:
    async with world.owner() as owner:
        rows = await owner.fetch("SELECT partition, next_offset FROM monitor.watermark WHERE topic = $1", FINDINGS)
    return {row[0]: row[1] for row in rows}


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
            await _pause(0.05)
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


SCENARIOS: dict[int, tuple[str, Scenario]] = {
    1: ("kill -9 at random moments", kill_at_random_moments),
    2: ("workers come and go", workers_come_and_go),
    3: ("a zombie wakes up", a_zombie_wakes_up),
    4: ("Postgres fails", postgres_fails),
    5: ("the broker fails", the_broker_fails),
    6: ("the relay dies before marking", the_relay_dies_before_marking),
    7: ("duplicates, disorder, long transactions", duplicates_and_disorder),
    8: ("poison", poison),
    9: ("Kafka forgets", kafka_forgets),
    10: ("health turns red", health_turns_red),
    11: ("TERM in a batch", term_in_a_batch),
    12: ("the disk is full", the_disk_is_full),
}
