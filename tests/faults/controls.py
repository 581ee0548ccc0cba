"""The same faults with one protection taken away: each must show a difference, or the scenario proves nothing."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition

from services.community.app import projections
from shared.contracts import PUBLIC_TOPICS, TOPICS
from shared.processes import topics
from shared.processes.repair import repair_readers, repair_topics

from ..recomputation import Difference
from ..stateful.verdict import ended
from .note import Note
from .parts.sandbox import RELAY, SECOND, WORKER, Sandbox, say
from .parts.watching import until

TOPIC = "community.dialogues"
GROUP = "community.activity"


@dataclass(frozen=True)
class Control:
    """What is taken away, and the fault: returns the difference it made."""

    without: str
    run: Callable[[Sandbox, Note], Awaitable[Difference]]


async def _killed_without_watermark(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without watermark")
    dialogues = await sandbox.write(30)
    await sandbox.folded(dialogues)
    await sandbox.killed(WORKER)
    return await sandbox.difference(dialogues)


async def _rebalanced_without_watermark(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without watermark")
    dialogues = await sandbox.write(30)
    await sandbox.folded(dialogues)
    await sandbox.start(SECOND)
    await sandbox.ready(SECOND)
    return await sandbox.doubled(dialogues)


async def _zombie_without_watermark(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without watermark")
    await sandbox.trap(WORKER, "stop", "before BEGIN")
    dialogues = await sandbox.write(10)
    pid = await sandbox.held(WORKER)
    await sandbox.start(SECOND)
    await sandbox.folded(dialogues, 60)
    os.kill(pid, signal.SIGCONT)
    return await sandbox.doubled(dialogues)


async def _commit_lost_without_watermark(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without watermark")
    await sandbox.trap(WORKER, "lose-connection", "after COMMIT")
    dialogues = await sandbox.write(10)
    await sandbox.folded(dialogues)
    return await sandbox.doubled(dialogues)


async def _broker_down_without_acknowledgement(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(RELAY, "without acknowledgement")
    # The producer knows the topic's partitions before the broker goes.
    dialogues = await sandbox.write(1)
    await sandbox.folded(dialogues)
    await sandbox.broker.stop()
    dialogues += await sandbox.write(10)

    async def marked() -> bool:
        async with sandbox.community() as connection:
            return not await connection.fetchval("SELECT count(*) FROM unsent")

    await until(marked, 30, "the relay takes them for sent")
    sandbox.processes.kill(RELAY)
    await sandbox.broker.restart()
    await sandbox.ready(RELAY)
    return await sandbox.difference(dialogues)


async def _relay_killed_without_claims(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without claims")
    before = sandbox.processes.restarts(RELAY)
    await sandbox.trap(RELAY, "kill", "before UPDATE outbox_head AS head SET sent")
    dialogues = await sandbox.write(10)

    async def back() -> bool:
        return sandbox.processes.restarts(RELAY) > before

    await until(back, 30, "the relay dies")
    await sandbox.ready(RELAY)
    return await sandbox.difference(dialogues)


async def _disorder_without_claims_and_order(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without claims")
    await sandbox.change(RELAY, "with jitter")
    await sandbox.change(RELAY, "without commit order")
    async with sandbox.community() as slow:
        transaction = slow.transaction()
        await transaction.start()
        late = [str(uuid4()) for _ in range(3)]
        await say(slow, late)
        dialogues = await sandbox.write(30)
        await sandbox.folded(dialogues)
        await transaction.commit()
    # What lies behind the relay's place is never sent: it waits for ever.
    found = await sandbox.difference(dialogues, skips=True)
    missing = 3 - len(await sandbox.seen(late))
    return found + Difference(missing, 0)


async def _poison_without_dead_letters(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without dead letters")
    # One batch: written in one transaction, with poison in every partition in front of it.
    producer = AIOKafkaProducer(bootstrap_servers=sandbox.broker.servers)
    await producer.start()
    await sandbox.trap(WORKER, "stop", "before BEGIN")
    first = await sandbox.write(1)
    pid = await sandbox.held(WORKER)
    for partition in range(TOPICS[TOPIC].partitions):
        await producer.send_and_wait(TOPIC, b"poison", partition=partition)
    await producer.stop()
    dialogues = await sandbox.write(10)
    await asyncio.sleep(1)  # until the relay has sent them
    os.kill(pid, signal.SIGCONT)
    return await sandbox.difference([*first, *dialogues])


async def _forced_ahead_without_postgres_offsets(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.stop(WORKER)
    dialogues = await sandbox.write(10)

    async def sent() -> bool:
        async with sandbox.community() as connection:
            return not await connection.fetchval("SELECT count(*) FROM unsent")

    await until(sent, 30, "the relay sends them")
    ends = await sandbox.log.ends()
    places = [TopicPartition(t, n, ends[t, n]) for t in PUBLIC_TOPICS for n in range(TOPICS[t].partitions)]

    def force() -> None:
        request = [ConsumerGroupTopicPartitions(GROUP, places)]
        admin = sandbox.log.admin
        for answer in admin.alter_consumer_group_offsets(request).values():
            answer.result()

    await asyncio.to_thread(force)
    await sandbox.start(WORKER)
    await sandbox.change(WORKER, "without Postgres offsets")
    await sandbox.ready(WORKER)
    return await sandbox.difference(dialogues, skips=True)


async def _deadlock_without_health(sandbox: Sandbox, note: Note) -> Difference:
    """Counts as lost what stays green for 15 s."""
    await sandbox.change(WORKER, "without health")
    await sandbox.trap(WORKER, "hold-pool", "before BEGIN")
    await sandbox.write(1)

    async def red() -> bool:
        return await sandbox.answer(WORKER) != 200

    try:
        await until(red, 15, "red")
    except AssertionError:
        found = Difference(1, 0)
        note.said.append("control: green 15 s after the deadlock")
    else:
        found = Difference()
    await sandbox.killed(WORKER)
    return found


async def _killed_without_transactions(sandbox: Sandbox, _: Note) -> Difference:
    """TERM would leave it to chance how far the batch comes: this one ends between rows and claims."""
    await sandbox.change(WORKER, "without transactions")
    restarts = sandbox.processes.restarts(WORKER)
    await sandbox.trap(WORKER, "kill", "after .*INSERT INTO activity")
    dialogues = await sandbox.write(10)

    async def ended() -> bool:
        return sandbox.processes.restarts(WORKER) > restarts

    await until(ended, 40, "the worker ends")
    await sandbox.ready(WORKER)
    return await sandbox.difference(dialogues)


async def _disk_full_without_retry(sandbox: Sandbox, note: Note) -> Difference:
    await sandbox.change(WORKER, "without dead letters")
    await sandbox.trap(WORKER, "stop", "before BEGIN")
    dialogues = [str(uuid4()) for _ in range(500)]
    async with sandbox.community() as connection:
        await say(connection, dialogues)
    pid = await sandbox.held(WORKER)
    note.beside.set()
    try:
        await asyncio.wait_for(note.full.wait(), 60)
    finally:
        os.kill(pid, signal.SIGCONT)
    await note.space.wait()
    return await sandbox.difference(dialogues)


async def _accepted_without_a_reader(sandbox: Sandbox, note: Note) -> Difference:
    """Counts as lost what is seen of a worker that an accepted command ends."""
    await sandbox.change(WORKER, "without a reader")
    before = {WORKER: sandbox.processes.restarts(WORKER)}
    await sandbox.write(1)

    async def seen() -> list[str]:
        return ended(sandbox.processes, before)

    await until(seen, 40, "the worker's end is seen")
    note.said += [f"control: {what}" for what in await seen()]
    await sandbox.ready(WORKER)
    return Difference(1, 0)


async def _made_again_without_identity(sandbox: Sandbox, _: Note) -> Difference:
    await sandbox.change(WORKER, "without identity")
    await sandbox.folded(await sandbox.write(5))
    admin = sandbox.log.admin
    await asyncio.to_thread(lambda: [each.result() for each in admin.delete_topics([TOPIC]).values()])

    async def gone() -> bool:
        return TOPIC not in await asyncio.to_thread(lambda: sandbox.log.admin.list_topics(timeout=10).topics)

    await until(gone, 30, "the control's topic is gone")
    await topics.ensure(sandbox.broker.servers)
    found = await sandbox.difference(await sandbox.write(10), skips=True)
    await repair_topics("community", sandbox.settings, lambda _: None)
    await repair_readers("community", projections(sandbox.settings), sandbox.settings, lambda _: None)
    return found


CONTROLS: dict[int, Control] = {
    1: Control("watermark", _killed_without_watermark),
    2: Control("watermark", _rebalanced_without_watermark),
    3: Control("watermark", _zombie_without_watermark),
    4: Control("watermark", _commit_lost_without_watermark),
    5: Control("waiting for the acknowledgement", _broker_down_without_acknowledgement),
    6: Control("claims", _relay_killed_without_claims),
    7: Control("claims and commit order", _disorder_without_claims_and_order),
    8: Control("dead letters", _poison_without_dead_letters),
    9: Control("offsets in Postgres", _forced_ahead_without_postgres_offsets),
    10: Control("health that looks", _deadlock_without_health),
    11: Control("one transaction (killed there)", _killed_without_transactions),
    12: Control("trying again", _disk_full_without_retry),
    13: Control("a reader for all that is accepted", _accepted_without_a_reader),
    14: Control("a reader for all that is accepted", _accepted_without_a_reader),
    15: Control("the identity of the log", _made_again_without_identity),
    16: Control("the identity of the log", _made_again_without_identity),
}


async def crash_at_every_step(sandbox: Sandbox, note: Note) -> tuple[Difference, Difference]:
    """kill -9 at each step of folding and of publishing; returns what was wrong, and what was without protection."""
    await sandbox.clean()
    steps, right = await sandbox.sweep("apply")
    note.injected["steps of apply"] += steps
    _, wrong = await sandbox.sweep("apply", "without transactions")
    since = await _last(sandbox)
    await sandbox.stop(RELAY)
    steps, _ = await sandbox.sweep("relay")
    await sandbox.start(RELAY)
    note.injected["steps of the relay"] += steps
    right += await sandbox.difference(await _dialogues(sandbox, since))
    return right, wrong


async def _last(sandbox: Sandbox) -> int:
    async with sandbox.community() as connection:
        position: int = await connection.fetchval("SELECT coalesce(max(position), 0) FROM outbox")
    return position


async def _dialogues(sandbox: Sandbox, since: int) -> list[str]:
    async with sandbox.community() as connection:
        rows = await connection.fetch("SELECT key FROM outbox WHERE position > $1 AND topic = $2", since, TOPIC)
    return [row["key"] for row in rows]
