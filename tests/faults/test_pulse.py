"""kill -9 of the pulse under load: afterwards it says what a recomputation over its window gives."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx2

from deploy.local.broker import Broker
from deploy.local.stack import Stack
from shared.runtime.settings import Settings

from ..journeys.platform import Platform, until
from .test_kill import Row, load, owner, platform, quiet

__all__ = ["owner", "platform"]

PULSE, FORGETFUL = "community-pulse", "community-pulse-forgetful"
HOURS = Settings().pulse_hours
MOST = 10
Told = Mapping[str, list[tuple[str, int]]]

#: From the activity, which is exact: how often there was news of each thing since the window began.
_RECOMPUTE = """
WITH news AS (
    SELECT * FROM community.activity WHERE occurred_at >= $1 AND type <> 'nl.veerkracht.aggregate.moved.v1'
), things AS (
    SELECT 'themes' AS kind, unnest(themes) AS id FROM news
    UNION ALL SELECT 'areas', unnest(areas) FROM news
    UNION ALL SELECT 'initiatives', initiative FROM news WHERE initiative IS NOT NULL
) SELECT kind, id, count(*) FROM things GROUP BY 1, 2
"""


async def recomputed(owner: "asyncpg.Connection[Row]") -> Told:
    now = datetime.now(UTC)
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    found: dict[str, list[tuple[str, int]]] = {"themes": [], "areas": [], "initiatives": []}
    for kind, id_, count in await owner.fetch(_RECOMPUTE, since):
        found[kind].append((id_, count))
    return {kind: sorted(things, key=lambda each: (-each[1], each[0]))[:MOST] for kind, things in found.items()}


async def told(platform: Platform) -> Told:
    answer = (await platform.client.get("/community/v1/pulse")).json()
    return {kind: [(each["id"], each["count"]) for each in answer[kind]] for kind in ("themes", "areas", "initiatives")}


async def is_ready(stack: Stack, name: str) -> bool:
    (url,) = stack.health[name]
    async with httpx2.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(url)).status_code == 200
        except httpx2.TransportError:
            return False


async def test_a_pulse_killed_under_load_finds_back_what_a_recomputation_gives_and_its_control_does_not(
    stack: Stack, platform: Platform, owner: "asyncpg.Connection[Row]", real_broker: Broker
) -> None:
    """The control is what is started in its place without reading its window back."""
    assert real_broker.real
    loading = asyncio.create_task(load(platform, 15, 8))
    await asyncio.wait([loading], timeout=0.5)
    stack.processes.kill(PULSE)
    await stack.processes.halt(PULSE)
    stack.start(FORGETFUL, ["tests.faults.parts.forgetful_pulse"])
    try:
        await loading
        assert await until(lambda: quiet(owner), bool, seconds=60)
        expected = await recomputed(owner)
        assert all(expected.values())
        assert await until(lambda: is_ready(stack, FORGETFUL), bool, seconds=60)
        found = await until(lambda: told(platform), lambda found: found != expected, seconds=30)
        assert areas(found) < areas(expected)
    finally:
        await stack.processes.halt(FORGETFUL)
        del stack.health[FORGETFUL]
        stack.processes.resume(PULSE)
    assert await until(lambda: told(platform), lambda found: found == expected, seconds=60) == expected


def areas(told: Told) -> int:
    return sum(count for _, count in told["areas"])
