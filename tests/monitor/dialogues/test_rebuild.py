"""`python -m services.monitor rebuild`: the figures from the whole log, while people read and dialogues are held."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from typing import TypeAlias

import asyncpg
import httpx2
import pytest

from deploy.local import ROOT
from deploy.local.stack import Stack
from tests.faults.parts.tables import public, said
from tests.faults.test_kill import folded, load, quiet, recomputed
from tests.journeys.platform import Platform, until
from tests.recomputation import Difference, compare

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_TABLES = ("aggregate", "contribution", "dialogue")
_SPENDING = ("initiative", "initiative_phase", "initiative_lesson", "initiative_spending")


@pytest.fixture
async def owner(stack: Stack) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(stack.postgres.admin_url)
    yield connection
    await connection.close()


@pytest.fixture
async def platform(stack: Stack) -> AsyncIterator[Platform]:
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30) as client:
        yield Platform(client, dict(stack.tokens))


async def start(stack: Stack, *options: str) -> Process:
    """The command, as an operator runs it."""
    env = {
        **os.environ,
        "VEERKRACHT_DATABASE_URL": stack.postgres.url,
        "VEERKRACHT_KAFKA_SERVERS": stack.broker.servers,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.monitor", "rebuild", *options, cwd=ROOT, env=env, stdout=PIPE, stderr=PIPE
    )


async def finish(process: Process) -> str:
    told, printed = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return told.decode() + printed.decode()


async def tables(owner: Owner, names: Sequence[str] = _TABLES) -> dict[str, list[str]]:
    """Every row of the read tables, as text."""
    found: dict[str, list[str]] = {}
    for table in names:
        rows = await owner.fetch(f"SELECT t::text AS row FROM monitor.{table} AS t ORDER BY 1")  # noqa: S608  ours
        found[table] = [row["row"] for row in rows]
    return found


async def forget_what_is_public(owner: Owner) -> None:
    """As if these dialogues were folded by a version that published nothing yet."""
    async with owner.transaction():
        await owner.execute("TRUNCATE monitor.unit, monitor.packet")
        await owner.execute(
            """UPDATE monitor.published SET respondents = 0, n = 0, total = 0, low_n = 0, high_n = 0,
               detailed_n = 0, histogram = '{}', shown = NULL WHERE source = 'dialogue'"""
        )


async def public_difference(owner: Owner) -> Difference:
    """The public figures beside the packets and dialogues behind them."""
    async with owner.transaction(isolation="repeatable_read"):
        wanted, found = await public(owner, await said(owner))
    return compare(wanted, found)


@pytest.mark.damages
async def test_a_rebuild_mends_the_figures_while_dialogues_are_held_and_people_read(
    stack: Stack, platform: Platform, owner: Owner
) -> None:
    await load(platform, 21, 6)
    expected = await recomputed(owner)
    assert await until(lambda: folded(owner), lambda found: found == expected, seconds=60) == expected
    assert await until(lambda: quiet(owner), bool, seconds=60)
    await owner.execute("UPDATE monitor.aggregate SET n = n + 7 WHERE level = 'province'")
    await forget_what_is_public(owner)
    assert await folded(owner) != expected, "negative control: the comparison sees the damage"
    assert await public_difference(owner), "negative control"

    answers: list[int] = []

    async def read() -> None:
        while True:
            answers.append((await platform.client.get("/monitor/v1/aggregates")).status_code)

    reading, loading = asyncio.create_task(read()), asyncio.create_task(load(platform, 22, 10))
    printed = await finish(await start(stack, "--fresh"))
    await loading
    reading.cancel()
    assert "rebuild: " in printed and "(100%)" in printed
    assert set(answers) == {200}
    expected = await recomputed(owner)
    assert await until(lambda: folded(owner), lambda found: found == expected, seconds=60) == expected
    assert await until(lambda: quiet(owner), bool, seconds=60)
    told = await owner.fetchval(
        "SELECT count(*) FROM monitor.outbox WHERE correlation_id LIKE 'rebuild-%' AND key LIKE '%.PV30.%'"
    )
    assert told > 0, "what changed is told, by absolute values"
    assert not await public_difference(owner)


async def test_a_rebuild_of_sound_tables_changes_and_tells_nothing(
    stack: Stack, platform: Platform, owner: Owner
) -> None:
    await load(platform, 23, 2)
    expected = await recomputed(owner)
    assert await until(lambda: folded(owner), lambda found: found == expected, seconds=60) == expected
    assert await until(lambda: quiet(owner), bool, seconds=60)
    before, said = await tables(owner), await owner.fetchval("SELECT count(*) FROM monitor.outbox")
    indexes = await owner.fetch("SELECT indexname FROM pg_indexes WHERE schemaname = 'monitor' ORDER BY 1")
    await finish(await start(stack))
    assert await tables(owner) == before
    assert await owner.fetchval("SELECT count(*) FROM monitor.outbox") == said
    assert await owner.fetch("SELECT indexname FROM pg_indexes WHERE schemaname = 'monitor' ORDER BY 1") == indexes
    assert await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'monitor_rebuild'") == []


async def test_a_rebuild_that_was_killed_before_the_swap_changed_nothing_and_goes_on(
    stack: Stack, platform: Platform, owner: Owner
) -> None:
    await load(platform, 24, 2)
    expected = await recomputed(owner)
    assert await until(lambda: folded(owner), lambda found: found == expected, seconds=60) == expected
    before = await tables(owner)

    async def at_the_swap() -> int:
        waiting: int = await owner.fetchval(
            """SELECT count(*) FROM pg_stat_activity
               WHERE wait_event_type = 'Lock' AND query LIKE '%next_offset FROM watermark%ORDER BY 1%'"""
        )
        return waiting

    holder = await asyncpg.connect(stack.postgres.admin_url)
    async with holder.transaction():
        await holder.execute("SELECT FROM monitor.watermark WHERE projection = 'figures' FOR UPDATE")
        first = await start(stack, "--fresh")
        assert await until(at_the_swap, bool, seconds=60)
        second = await start(stack)
        _, refused = await second.communicate()
        assert (second.returncode, refused.decode()) == (1, "another rebuild of monitor is running\n")
        first.send_signal(signal.SIGKILL)
        await first.wait()
    await holder.close()
    assert await tables(owner) == before
    assert "rebuild goes on" in await finish(await start(stack))
    assert await tables(owner) == before
    await load(platform, 25, 2)
    expected = await recomputed(owner)
    assert await until(lambda: folded(owner), lambda found: found == expected, seconds=60) == expected


async def test_a_rebuild_mends_what_initiatives_spent_and_learnt(
    stack: Stack, platform: Platform, owner: Owner
) -> None:
    lesson = {"id": "les-opnieuw", "title": "Begin klein", "worked": True, "transferable": True, "on": "2017-05-01"}
    written = await platform.post("programme", "/initiatives/v1/initiatives/slowcare/lessons", {**lesson})
    promised = await platform.post(
        "finance",
        "/finance/v1/budget-lines/lerend-netwerk/commitments",
        {
            "id": "toezegging-opnieuw",
            "period": "2017",
            "amountCents": 1_000,
            "recipient": "pon",
            "initiative": "slowcare",
            "madeOn": "2017-03-01",
        },
    )
    assert (written.status_code, promised.status_code) == (201, 201)

    async def folded() -> tuple[int, int]:
        [there] = await owner.fetch(
            """SELECT (SELECT count(*) FROM monitor.initiative_lesson WHERE id = 'les-opnieuw') AS lessons,
                      (SELECT count(*) FROM monitor.initiative_spending WHERE initiative = 'slowcare') AS money"""
        )
        return there["lessons"], there["money"]

    assert await until(folded, lambda found: found == (1, 1), seconds=60) == (1, 1)
    before, figures_before = await tables(owner, _SPENDING), await tables(owner)
    await owner.execute("UPDATE monitor.initiative_spending SET committed_cents = committed_cents + 1")
    await owner.execute("DELETE FROM monitor.initiative_lesson")
    assert await tables(owner, _SPENDING) != before, "negative control"
    await finish(await start(stack, "spending", "--fresh"))
    assert await tables(owner, _SPENDING) == before
    assert await tables(owner) == figures_before


async def test_what_is_not_there_is_not_rebuilt(stack: Stack) -> None:
    process = await start(stack, "money")
    _, printed = await process.communicate()
    assert process.returncode == 2
    assert "money: expected figures or spending" in printed.decode()
