"""Scenarios of the log: repeats, disorder, offsets and records that Kafka forgot."""

import asyncio
import contextlib
import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from services.community.dialogues import handlers
from services.community.dialogues.domain import Hold
from shared import database
from shared.contracts import TOPICS
from shared.contracts.community import FINDINGS, DialoguePlanned, Finding
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.outbox.cause import Cause
from tests.load import Dialogue

from ..note import TRACE, Note, kill_at, pause, settings_of
from ..world import World
from .another_log import halts, repaired
from .progress import READS
from .watching import until


async def the_relay_dies_before_marking(world: World, dice: random.Random, note: Note) -> None:
    """kill -9 after the broker's acknowledgement, before the rows are marked as sent."""
    before = await world.copies()
    for _ in range(2):
        await kill_at(world, {"relays": ("before UPDATE outbox_head AS head SET sent", dice.randint(1, 2))}, note)
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


async def _slow_command(world: World, score: int, seconds: float) -> None:
    """Plan and hold a dialogue in one transaction that commits late."""
    id_, today = str(uuid4()), datetime.now(UTC).date()
    scores = (0, 0, score, 0, 0)
    cause = Cause(datetime.now(UTC), "faults", TRACE)
    connection = await database.connect("community", settings_of(world))
    try:
        async with connection.transaction():
            event = DialoguePlanned(
                dialogue=id_, municipality="GM0794", neighbourhood=None, organiser="pon", initiative=None,
                themes=(Theme.CONNECTION,), planned_on=today - timedelta(days=7),
            )  # fmt: skip
            await handlers.plan(connection, event, cause)
            hold = Hold(today, {"bewoners": score}, (Finding(topic=DialogueTopic.MEETING, scores=scores),), ())
            await handlers.hold(connection, id_, hold, 10, cause)
            await pause(seconds)
    finally:
        await connection.close()
    world.load.accepted[id_] = Dialogue("GM0794", today.isoformat(), [("ontmoeting", list(scores))])


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
    """Retention ran past the watermark: the projection halts and says what to do; an operator does it."""
    name = "monitor-stream"

    async def begun() -> bool:
        return bool(await _marks(world))

    await until(begun, 30, "a watermark")
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
    await world.resume(name)
    await halts(world, name, note)
    now = await _marks(world)
    if any(now[n] > marks[n] for n in gone):
        note.wrong.append("records are gone, and the watermark moved past them")
    await repaired(world, note)
    await world.all_ready()


async def _marks(world: World) -> dict[int, int]:
    async with world.owner() as owner:
        rows = await owner.fetch("SELECT partition, next_offset FROM monitor.watermark WHERE topic = $1", FINDINGS)
    return {row[0]: row[1] for row in rows}
