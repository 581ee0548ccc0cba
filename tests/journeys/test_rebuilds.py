"""Every projection of every service is rebuilt while pages and feeds are read: tables and schema stay the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import asyncpg
import httpx2
import pytest

from deploy.local import SERVICES
from deploy.local.stack import Stack
from shared.projections import rebuild
from shared.projections.rebuild import Rebuild
from shared.runtime.settings import Settings
from tests.faults.test_kill import load, quiet
from tests.shared.projections.test_plans import plans_of

from .platform import Platform, until

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_PAGES = (
    "/",
    "/netwerk",
    "/nieuwsbrief",
    "/monitor",
    "/initiatieven",
    "/community/v1/activities",
    "/community/v1/newsletter-triggers",
    "/community/v1/directory/municipality",
    "/feeds/v1/events",
    "/feeds/v1/sources",
)
#: What a schema is made of, apart from the names of its tables' files.
_SCHEMA = """
SELECT 'column ' || attrelid::regclass || ' ' || attnum || ' ' || attname || ' ' || format_type(atttypid, atttypmod)
       || ' ' || attnotnull || ' ' || attidentity::text || attstorage::text
       || coalesce(' ' || pg_get_expr(adbin, adrelid), '') AS said
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = $1::text::regnamespace AND relkind = 'r' AND attnum > 0
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = $1
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = $1::text::regnamespace AND contype <> 'n'
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = $1::text::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'table ' || oid::regclass || ' ' || relpersistence::text || ' ' || relowner::regrole || ' '
       || coalesce(reloptions::text, '') || ' ' || coalesce(relacl::text, '')
FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind IN ('r', 'v')
ORDER BY 1
"""
_GUARD = """
CREATE FUNCTION {service}.refuse_a_shadow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('search_path') LIKE TG_TABLE_SCHEMA || '_rebuild,%' THEN
        RAISE 'a rebuild wrote the live table %', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$
"""


@pytest.fixture
async def owner(stack: Stack) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(stack.postgres.admin_url)
    yield connection
    await connection.close()


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30) as client:
        yield client


def settings_of(stack: Stack) -> Settings:
    """As the processes of the stack have them."""
    return Settings(database_url=stack.postgres.url, kafka_servers=stack.broker.servers)


async def still(owner: Owner) -> bool:
    """Whether all that was said is folded by every projection: as far as the feed, which has it all."""
    if not await quiet(owner):
        return False
    marks = " UNION ALL ".join(f"SELECT * FROM {service}.watermark" for service in SERVICES)  # noqa: S608  ours
    behind: int = await owner.fetchval(
        f"""SELECT count(*) FROM ({marks}) AS other JOIN feeds.watermark AS feed USING (topic, partition)
            WHERE other.next_offset < feed.next_offset"""  # noqa: S608  ours
    )
    return behind == 0


async def rows_of(owner: Owner, service: str, tables: Sequence[str]) -> dict[str, list[str]]:
    """Every row of these tables, as text."""
    found: dict[str, list[str]] = {}
    for table in tables:
        rows = await owner.fetch(f"SELECT t::text AS row FROM {service}.{table} AS t ORDER BY 1")  # noqa: S608  ours
        found[table] = [row["row"] for row in rows]
    return found


async def progress_of(owner: Owner, service: str, projection: str) -> list[tuple[object, ...]]:
    """How far it is, and what it set aside."""
    rows = await owner.fetch(
        f"""SELECT topic, partition, next_offset::text FROM {service}.watermark WHERE projection = $1
            UNION ALL SELECT topic, partition, reason || "offset" || awaits || coalesce(replayed_at::text, '')
            FROM {service}.dead_letter WHERE projection = $1 ORDER BY 1, 2, 3""",  # noqa: S608  a name of ours
        projection,
    )
    return [tuple(row) for row in rows]


@asynccontextmanager
async def guarded(owner: Owner, service: str, plan: Rebuild) -> AsyncIterator[None]:
    """While the shadow is folded, whatever writes a live table fails: what a plan forgot to name."""
    named = {*plan.tables, "watermark", "claim", "dead_letter"}
    rows = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", service)
    others = [row["tablename"] for row in rows if row["tablename"] not in named]
    await owner.execute(_GUARD.format(service=service))
    for table in others:
        await owner.execute(
            f"""CREATE TRIGGER refuse_a_shadow BEFORE INSERT OR UPDATE OR DELETE ON {service}.{table}
                EXECUTE FUNCTION {service}.refuse_a_shadow()"""
        )
    try:
        yield
    finally:
        # One by one: the lock on a table is waited for with no other in hand.
        for table in others:
            await owner.execute(f"DROP TRIGGER refuse_a_shadow ON {service}.{table}")
        await owner.execute(f"DROP FUNCTION {service}.refuse_a_shadow()")


@asynccontextmanager
async def read(client: httpx2.AsyncClient) -> AsyncIterator[list[tuple[str, int]]]:
    """People who read meanwhile, and what was not answered."""
    failed: list[tuple[str, int]] = []
    times = 0

    async def go_on() -> None:
        nonlocal times
        while True:
            for page in _PAGES:
                answer = await client.get(page)
                times += 1
                if answer.status_code != 200:
                    failed.append((page, answer.status_code))

    reading = asyncio.create_task(go_on())
    try:
        yield failed
        await until(lambda: asyncio.sleep(0, times), lambda found: found > len(_PAGES), 60)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_each_projection_can_be_rebuilt_and_is_the_same(
    stack: Stack, owner: Owner, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # For a process that does nothing else.
    monkeypatch.setattr(rebuild, "collect_seldom", lambda: None)
    await load(Platform(client, dict(stack.tokens)), 31, 4)
    await until(lambda: still(owner), bool, seconds=60)
    said = "SELECT (SELECT count(*) FROM community.outbox) + (SELECT count(*) FROM monitor.outbox)"
    told = await owner.fetchval(said)
    async with read(client) as failed:
        for service in SERVICES:
            for name, plan in plans_of(service).items():
                before = await rows_of(owner, service, plan.tables)
                assert any(before.values()), f"{service} has nothing in {plan.tables}"
                schema = await owner.fetch(_SCHEMA, service)
                done = await progress_of(owner, service, name)
                async with guarded(owner, service, plan):
                    await rebuild.rebuild(service, plan, settings_of(stack), lambda _, __: None, fresh=True)
                assert await rows_of(owner, service, plan.tables) == before, f"{service} {name}"
                assert await owner.fetch(_SCHEMA, service) == schema, f"{service} {name}"
                assert await progress_of(owner, service, name) == done, f"{service} {name}"
    assert failed == []
    assert await owner.fetchval(said) == told, "the same is no news"


async def test_a_reader_that_follows_by_cursor_meets_each_event_once(
    stack: Stack, owner: Owner, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "collect_seldom", lambda: None)
    await until(lambda: still(owner), bool, seconds=60)
    start = {
        "/feeds/v1/events": await owner.fetchval("SELECT last FROM feeds.feed_head"),
        "/community/v1/activities": await owner.fetchval("SELECT last FROM community.activity_head"),
    }
    cursor, seen = dict(start), {path: list[str]() for path in start}

    async def follow(path: str) -> None:
        while True:
            page = (await client.get(path, params={"after": cursor[path], "limit": 5})).json()
            seen[path] += [item.get("eventId", item["id"]) for item in page["items"]]
            cursor[path] = page["next"] or (page["items"][-1]["id"] if page["items"] else cursor[path])

    following = [asyncio.create_task(follow(path)) for path in start]
    loading = asyncio.create_task(load(Platform(client, dict(stack.tokens)), 32, 8))
    for service, name in (("feeds", "log"), ("community", "activity")):
        plan = plans_of(service)[name]
        await rebuild.rebuild(service, plan, settings_of(stack), lambda _, __: None, fresh=True)
    await loading
    await until(lambda: still(owner), bool, seconds=60)
    wanted = {
        "/feeds/v1/events": "SELECT array_agg(id ORDER BY position) FROM feeds.event WHERE position > $1",
        "/community/v1/activities": "SELECT array_agg(event_id ORDER BY position) FROM community.activity "
        "WHERE position > $1",
    }
    for path, asked in wanted.items():
        ids = await owner.fetchval(asked, start[path])
        assert len(ids) > 20
        assert await until(partial(asyncio.sleep, 0, seen[path]), ids.__eq__, 30) == ids
    for task in following:
        assert not task.done()
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)


async def test_control_a_plan_that_forgets_a_table_is_seen(
    stack: Stack, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "collect_seldom", lambda: None)
    plan = plans_of("community")["activity"]
    forgetful = replace(plan, tables=tuple(table for table in plan.tables if table != "name"))
    async with guarded(owner, "community", forgetful):
        with pytest.raises(asyncpg.RaiseError, match="a rebuild wrote the live table name"):
            await rebuild.rebuild("community", forgetful, settings_of(stack), lambda _, __: None, fresh=True)


async def test_an_interrupted_rebuild_leaves_nothing_once_it_is_done(
    stack: Stack, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "collect_seldom", lambda: None)
    plan = plans_of("community")["directory"]
    await rebuild.rebuild("community", plan, settings_of(stack), lambda _, __: None)
    assert await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'community_rebuild'") == []
