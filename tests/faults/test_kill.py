"""kill -9 under load: afterwards every figure, activity and feed is what an independent recomputation says."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import asyncpg
import httpx2
import pytest

from deploy.local.broker import Broker
from deploy.local.stack import Stack

from ..journeys.platform import Platform, new_id, until
from .parts.tables import said

Row = asyncpg.Record


@pytest.fixture
async def owner(stack: Stack) -> AsyncIterator["asyncpg.Connection[Row]"]:
    """The database's owner: sees every schema, as no service does."""
    connection = await asyncpg.connect(stack.postgres.admin_url)
    yield connection
    await connection.close()


@pytest.fixture
async def platform(stack: Stack) -> AsyncIterator[Platform]:
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30) as client:
        yield Platform(client, dict(stack.tokens))


async def recomputed(owner: "asyncpg.Connection[Row]") -> Counter[tuple[str, str]]:
    """Respondents per indicator and area, from what the outboxes say: nothing of the monitor's code."""
    expected: Counter[tuple[str, str]] = Counter()
    for (kind, code, area, period), (_, n, *_) in (await said(owner)).cells().items():
        if kind == "indicator" and len(period) == len("2026"):
            expected[code, area] += n
    return expected


async def folded(owner: "asyncpg.Connection[Row]") -> Counter[tuple[str, str]]:
    """The same from the monitor's own table."""
    rows = await owner.fetch(
        """SELECT code, area, sum(n)::bigint AS n FROM monitor.aggregate
           WHERE kind = 'indicator' AND period LIKE '____' GROUP BY 1, 2"""
    )
    return Counter({(row["code"], row["area"]): row["n"] for row in rows})


async def load(platform: Platform, seed: int, dialogues: int) -> None:
    """Dialogues planned, held and some withdrawn; a request that fails is sent again, as a client would."""
    dice = random.Random(seed)

    async def surely(send: Callable[[], Awaitable[httpx2.Response]]) -> None:
        async def status() -> int:
            try:
                return (await send()).status_code
            except httpx2.TransportError:
                return 503

        assert await until(status, lambda code: code < 500, seconds=60) in (200, 201)

    for _ in range(dialogues):
        dialogue, scores = new_id(), [dice.randrange(9) for _ in range(4)] + [3]
        place = dice.choice(["GM0794", "GM0772", "GM0828", "GM0855"])
        await surely(partial(platform.plan, dialogue, place))
        await surely(partial(platform.hold, dialogue, scores))
        if dice.random() < 0.3:
            await surely(partial(platform.withdraw, dialogue))


async def quiet(owner: "asyncpg.Connection[Row]") -> bool:
    """Whether every outbox is sent, every public event is in the feed and every finding is folded.

    Figures alone may look right while a dialogue that was held and withdrawn is still on its way.
    """
    unsent: int = await owner.fetchval(
        """SELECT (SELECT count(*) FROM community.unsent)
                + (SELECT count(*) FROM monitor.unsent) + (SELECT count(*) FROM monitor.goal_moved)"""
    )
    missing: int = await owner.fetchval(
        """SELECT count(*) FROM (SELECT id FROM community.outbox WHERE stream = 'community'
                                 UNION ALL SELECT id FROM monitor.outbox) AS said
           WHERE id::text NOT IN (SELECT id FROM feeds.event)"""
    )
    unfolded: int = await owner.fetchval(
        """SELECT count(*) FROM (SELECT DISTINCT ON (key) key, type LIKE '%withdrawn%' AS withdrawn
                                 FROM community.outbox WHERE topic = 'community.dialogue-findings'
                                 ORDER BY key, position DESC) AS said
           LEFT JOIN monitor.dialogue ON id = key WHERE dialogue.withdrawn IS DISTINCT FROM said.withdrawn"""
    )
    return unsent == 0 and missing == 0 and unfolded == 0


async def assert_exact(owner: "asyncpg.Connection[Row]") -> None:
    expected = await recomputed(owner)
    assert await until(lambda: folded(owner), lambda found: found == expected, seconds=60) == expected
    assert await until(lambda: quiet(owner), bool, seconds=60)
    doubled = await owner.fetch("SELECT event_id FROM community.activity GROUP BY 1 HAVING count(*) > 1")
    assert doubled == []
    gaps = await owner.fetch("SELECT source FROM feeds.event GROUP BY source HAVING count(*) <> max(sequence)")
    assert gaps == []
    letters = await owner.fetchval(
        "SELECT (SELECT count(*) FROM monitor.dead_letter) + (SELECT count(*) FROM community.dead_letter)"
    )
    assert letters == 0


@pytest.mark.parametrize("victim", ["monitor-stream", "community-stream", "feeds-stream", "relays", "web"])
async def test_a_killed_process_loses_and_doubles_nothing(
    stack: Stack, platform: Platform, owner: "asyncpg.Connection[Row]", victim: str
) -> None:
    loading = asyncio.create_task(load(platform, hash(victim) % 1000, 12))
    for _ in range(2):
        await asyncio.wait([loading], timeout=0.5)
        if stack.processes.pid(victim) is not None:
            stack.processes.kill(victim)
    await loading
    await assert_exact(owner)


async def test_a_restarted_broker_loses_and_doubles_nothing(
    platform: Platform, owner: "asyncpg.Connection[Row]", real_broker: Broker
) -> None:
    loading = asyncio.create_task(load(platform, 7, 15))
    await asyncio.wait([loading], timeout=0.5)
    await real_broker.restart()
    await loading
    await assert_exact(owner)


async def test_a_restarted_postgres_loses_and_doubles_nothing(stack: Stack, platform: Platform) -> None:
    loading = asyncio.create_task(load(platform, 11, 15))
    await asyncio.wait([loading], timeout=0.5)
    await stack.postgres.stop()
    during = await platform.client.get("/monitor/v1/indicators")
    assert during.status_code == 503
    assert during.headers["content-type"] == "application/problem+json"
    assert (await platform.client.get("/monitor/readyz")).status_code == 503
    await stack.postgres.restart()
    await loading
    connection = await asyncpg.connect(stack.postgres.admin_url)
    try:
        await assert_exact(connection)
    finally:
        await connection.close()


async def test_control_the_comparison_sees_one_respondent_too_many(
    stack: Stack, platform: Platform, owner: "asyncpg.Connection[Row]"
) -> None:
    """Negative control: without the claim and the watermark an event would count twice, and this would see it."""
    assert stack.base_url
    await load(platform, 3, 1)
    await assert_exact(owner)
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute("UPDATE monitor.aggregate SET n = n + 1 WHERE level = 'province' AND kind = 'indicator'")
    assert await folded(owner) != await recomputed(owner)
    await transaction.rollback()
