"""Activity and triggers as folded on a real Postgres: once each, in commit order, without a gap."""

import asyncio
import random

import msgspec
import pytest

from services.community.activity import store
from services.community.activity.domain import ActivityFilter
from services.community.activity.views import ActivityView, read_activities
from services.community.triggers.views import TriggerView, read_triggers
from shared import database
from shared.contracts.community import NewsletterTriggerRaised
from shared.database import Connection
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings

from ...records import NOW, apply_run, cloud_event, findings, run
from ..conftest import ACTIVITY, LOG, Publish
from ..samples import AREA, HELD, MOVED, NAMES, NEWS, ORGANISATION, PHASE, WITHDRAWN, Change

ALL = ActivityFilter()


async def activities_of(connection: Connection) -> list[ActivityView]:
    return (await read_activities(connection, ALL, None, 0, 200)).items


async def triggers_of(connection: Connection) -> list[TriggerView]:
    return (await read_triggers(connection, None, None, 0, 200)).items


async def appended(connection: Connection) -> list[NewsletterTriggerRaised]:
    rows = await connection.fetch("SELECT data FROM outbox ORDER BY position")
    return [msgspec.json.decode(row["data"], type=NewsletterTriggerRaised) for row in rows]


async def test_all_news_is_told_in_order_and_names_are_not_news(connection: Connection, publish: Publish) -> None:
    await publish(*NAMES, *NEWS)
    activities = await activities_of(connection)
    assert [item.id for item in activities] == list(range(1, len(NEWS) + 1))
    assert [item.type for item in activities] == [event.type for event in NEWS]
    assert [item.about for item in activities] == [event.subject for event in NEWS]
    assert any(item.text.startswith("Verbondenheid in Helmond staat") for item in activities)


async def test_what_raises_a_trigger_leaves_as_an_event_with_its_cause(
    connection: Connection, publish: Publish
) -> None:
    await publish(cloud_event(PHASE, "e-phase"), ORGANISATION, cloud_event(MOVED, "e-moved"))
    triggers = await triggers_of(connection)
    assert [(t.position, t.reason, t.cause) for t in triggers] == [
        (1, "phase-reached", "e-phase"),
        (3, "indicator-moved", "e-moved"),
    ]
    assert [(e.trigger, e.reason, e.cause) for e in await appended(connection)] == [
        (t.id, t.reason, t.cause) for t in triggers
    ]
    rows = await connection.fetch("SELECT causation_id, correlation_id, key, time FROM outbox ORDER BY position")
    assert [tuple(row) for row in rows] == [
        ("e-phase", "test", triggers[0].id, NOW),
        ("e-moved", "test", triggers[1].id, NOW),
    ]


async def test_an_event_that_comes_twice_is_told_once(connection: Connection, publish: Publish) -> None:
    held = cloud_event(HELD, "e-1")
    first = await publish(held, held)
    assert (len(first.folded), first.duplicates) == (1, 1)
    # Published again at a new offset by a relay that crashed; and read again at the old one.
    assert (await publish(held)).duplicates == 1
    again = await apply_run(connection, ACTIVITY, LOG, run(held, held, held), NOW)
    assert again.folded == ()
    assert [item.id for item in await activities_of(connection)] == [1]
    assert len(await appended(connection)) == len(await triggers_of(connection)) == 1


@pytest.mark.parametrize("one_batch", [True, False])
@pytest.mark.parametrize("withdrawn_first", [True, False])
async def test_the_trigger_of_a_withdrawn_dialogue_stays_but_is_marked(
    connection: Connection, publish: Publish, one_batch: bool, withdrawn_first: bool
) -> None:
    events = [WITHDRAWN, HELD] if withdrawn_first else [HELD, WITHDRAWN]
    other = Change(HELD, dialogue="d-2")
    if one_batch:
        await publish(*events, other)
    else:
        for event in (*events, other):
            await publish(event)
    assert [(t.about, t.withdrawn_at) for t in await triggers_of(connection)] == [
        (HELD.subject, NOW),
        ("dialogue/d-2", None),
    ]


async def test_what_is_not_public_or_not_known_is_passed_over(connection: Connection, publish: Publish) -> None:
    unknown = cloud_event(ORGANISATION).replace(b"organisation.registered.v1", b"organisation.registered.v9")
    applied = await publish(unknown, cloud_event(findings("d-1")), ORGANISATION)
    assert not applied.dead_letters
    assert [item.text for item in await activities_of(connection)] == ["ZET doet mee in het netwerk"]


async def test_what_cannot_be_told_is_set_aside_and_its_neighbours_are_told_without_a_gap(
    connection: Connection, publish: Publish
) -> None:
    applied = await publish(ORGANISATION, Change(MOVED, period="2026-13"), Change(MOVED, period="ooit"), HELD)
    assert len(applied.dead_letters) == 2
    assert [item.id for item in await activities_of(connection)] == [1, 2]
    assert await store.LOG.head(connection) == 2


async def test_a_name_told_later_is_used_at_once_for_what_was_told_before(
    connection: Connection, publish: Publish
) -> None:
    await publish(Change(WITHDRAWN, was_held=False))
    assert [item.text for item in await activities_of(connection)] == ["Geplande dialoog in GM0794 ingetrokken"]
    await publish(AREA)
    assert [item.text for item in await activities_of(connection)] == ["Geplande dialoog in Helmond ingetrokken"]


async def test_a_reader_beside_many_writers_sees_every_position_once_and_in_order(settings: Settings) -> None:
    writers = [await database.connect("community", settings) for _ in range(4)]
    reader = await database.connect("community", settings)
    rng = random.Random(5)
    done = asyncio.Event()

    async def write(number: int) -> None:
        partition, offset = Partition("community.dialogues", number), 0
        while offset < 30:
            size = min(rng.randint(1, 4), 30 - offset)
            values = [cloud_event(Change(HELD, dialogue=f"d-{number}-{offset + n}")) for n in range(size)]
            async with writers[number].transaction():
                await apply_run(writers[number], ACTIVITY, partition, run(*values, start=offset), NOW)
                await asyncio.sleep(rng.random() / 200)
            offset += size

    async def read() -> list[int]:
        seen: list[int] = []
        while True:
            last = done.is_set()
            after = seen[-1] if seen else 0
            seen += [row["position"] for row in await store.activities_after(reader, ALL, after, 500)]
            if last:
                return seen

    reading = asyncio.create_task(read())
    await asyncio.gather(*map(write, range(4)))
    done.set()
    assert await reading == list(range(1, 121))
    assert len(await appended(reader)) == 120
    for connection in (*writers, reader):
        await connection.close()
