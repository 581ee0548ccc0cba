"""Scenarios of a log that is another one: made again, or an older copy put back."""

import asyncio
import contextlib
import random
import shutil

from confluent_kafka import KafkaException

from shared.contracts.community import FINDINGS
from shared.processes import topics

from ..note import Note
from ..world import World
from .watching import until


async def topics_made_again(world: World, dice: random.Random, note: Note) -> None:
    """Topics dropped and made again under load: what reads them halts, through a kill too, until the repair."""
    chosen = [FINDINGS, *dice.sample(["community.dialogues", "community.triggers", "finance.budget-lines"], 1)]
    admin = world.log.admin
    await asyncio.to_thread(lambda: [each.result() for each in admin.delete_topics(chosen).values()])

    async def gone() -> bool:
        known = await asyncio.to_thread(lambda: world.log.admin.list_topics(timeout=10).topics)
        return not known.keys() & set(chosen)

    await until(gone, 30, "the topics are gone")
    await topics.ensure(world.stack.broker.servers)
    note.injected["topics made again"] += len(chosen)
    await world.more(6)
    await halts(world, "monitor-stream", note)
    world.stack.processes.kill("monitor-stream")
    await halts(world, "monitor-stream", note)
    await repaired(world, note)


async def older_kafka(world: World, dice: random.Random, note: Note) -> None:
    """A copy of Kafka from some commands ago is put back, and written to again beyond where it ended."""
    broker, data = world.stack.broker, world.stack.state / "kafka" / "data"
    older = data.with_name("older")
    await world.more(2)
    await broker.stop()
    shutil.copytree(data, older)
    await broker.restart()
    ended = await _end(world)
    await world.more(dice.randint(6, 10))

    async def folded() -> bool:
        async with world.owner() as owner:
            marks: int = await owner.fetchval(
                "SELECT sum(next_offset)::bigint FROM monitor.watermark WHERE topic = $1", FINDINGS
            )
        return marks > ended

    await until(folded, 60, "something is folded that the copy does not have")
    await broker.stop()
    shutil.rmtree(data)
    older.rename(data)
    await broker.restart()
    note.injected["older copies of Kafka"] += 1
    await world.more(dice.randint(2, 20))
    await halts(world, "monitor-stream", note)
    await repaired(world, note)


async def _end(world: World) -> int:
    """How much the findings are, as soon as a broker that has just started says so."""
    found = 0

    async def told() -> bool:
        nonlocal found
        with contextlib.suppress(KafkaException):
            found = sum(end for (topic, _), end in (await world.log.ends()).items() if topic == FINDINGS)
            return True
        return False

    await until(told, 30, "Kafka says where its logs end")
    return found


async def halts(world: World, name: str, note: Note) -> None:
    """A worker lives and is red, with the reason and what to do; its service is red too."""

    async def said() -> bool:
        return any("is halted" in red and "repair" in red for red in await world.red(name))

    try:
        took = await until(said, 60, f"{name} says that it is halted")
    except AssertionError:
        note.wrong.append(f"the log is another one, and {name} says {await world.red(name) or 'green'}")
    else:
        note.said.append(f"{name} halted after {took:.0f} s")


async def repaired(world: World, note: Note) -> None:
    """The operator's command."""
    said = await world.repair()
    note.said.append(f"{said.count('sent again')} topics repaired")
