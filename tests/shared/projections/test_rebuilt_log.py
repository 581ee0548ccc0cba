"""A rebuild of a log kept as a table: each event keeps its position, what is new comes at the end, and nobody waits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.broker import Broker
from shared.contracts.community import OrganisationRegistered
from shared.contracts.monitor import AggregateMoved
from shared.contracts.vocabulary import OrganisationKind
from shared.database import RENEWED, Connection, OrderedLog, connect
from shared.projections import dead_letters, rebuild
from shared.projections.decoding import Awaits, Batch
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild, RebuildError
from shared.projections.rebuilt_log import RebuiltLog
from shared.projections.watermarks import Partition
from shared.runtime.settings import Settings
from tests.journeys.platform import new_id, until
from tests.records import NOW, apply_run, cloud_event, numbered, run

_TABLES = """
CREATE TABLE trial (
    position bigint PRIMARY KEY, source text NOT NULL, id text NOT NULL, type text NOT NULL, said text NOT NULL,
    UNIQUE (id, source)
);
CREATE TABLE trial_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), last bigint NOT NULL);
INSERT INTO trial_head (last) VALUES (0);
CREATE TABLE trial_note (position bigint PRIMARY KEY REFERENCES trial);
"""
_INSERT = "INSERT INTO trial VALUES ($1, $2, $3, $4, $5)"
_LOG = RebuiltLog("monitor", OrderedLog("trial", "trial_head", "trial"), beside="trial_note")


async def keep(connection: Connection, events: Batch, positions: Sequence[int]) -> None:
    """A row per event, and a note beside the noted ones. What is in another waits for that one."""
    for position, event in zip(positions, events, strict=True):
        assert isinstance(event.data, OrganisationRegistered)
        name, _, awaited = event.data.name.partition(" in ")
        if awaited and not await connection.fetchval("SELECT true FROM trial WHERE said = $1", awaited):
            raise Awaits(f"{awaited} is not there")
        await connection.execute(_INSERT, position, event.source, event.id, event.type, name)
        if name.startswith("noted"):
            await connection.execute("INSERT INTO trial_note VALUES ($1)", position)


async def fold(connection: Connection, events: Batch, _: datetime) -> None:
    """As the live projection does."""
    await keep(connection, events, await _LOG.log.advance(connection, len(events)))


async def fold_again(connection: Connection, events: Batch, _: datetime) -> None:
    """As the rebuild does."""
    await keep(connection, events, await _LOG.places(connection, events))


@dataclass(frozen=True)
class Trial:
    """A log of two partitions, and a projection that reads it."""

    connection: Connection
    producer: AIOKafkaProducer
    settings: Settings
    live: Projection

    @property
    def plan(self) -> Rebuild:
        silent = replace(self.live, apply=fold_again)
        return Rebuild(silent, tables=("trial_note", "trial", "trial_head"), log=_LOG)

    async def say(self, partition: int, *names: str) -> list[bytes]:
        """Put organisations into the log; their names are also their ids."""
        said = [
            OrganisationRegistered(organisation=name, name=name, organisation_kind=OrganisationKind.SOCIAL)
            for name in names
        ]
        values = [cloud_event(each, each.name) for each in said]
        topic = self.live.topics[0]
        for record in numbered(self.live, Partition(topic, partition), run(*values)):
            await self.producer.send_and_wait(topic, record.value, partition=partition, headers=list(record.headers))
        return values

    async def fold(self, partition: int, *values: bytes) -> None:
        await apply_run(self.connection, self.live, Partition(self.live.topics[0], partition), run(*values), NOW)

    async def put(self, position: int, id_: str, type_: str) -> None:
        """A row that the log has not."""
        await self.connection.execute(_INSERT, position, "elsewhere", id_, type_, id_)
        await self.connection.execute("UPDATE trial_head SET last = greatest(last, $1)", position)

    async def rebuild(self) -> None:
        await rebuild.rebuild("monitor", self.plan, self.settings, lambda _, __: None)

    async def rows(self) -> list[tuple[int, str]]:
        rows = await self.connection.fetch("SELECT position, said FROM trial ORDER BY position")
        return [(row["position"], row["said"]) for row in rows]

    async def notes(self) -> list[int]:
        rows = await self.connection.fetch("SELECT position FROM trial_note ORDER BY position")
        return [row["position"] for row in rows]


@pytest.fixture
async def trial(
    settings: Settings, broker: Broker, monitor_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Trial]:
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    # For a process that does nothing else.
    monkeypatch.setattr(rebuild, "collect_seldom", lambda: None)
    await monitor_connection.execute(_TABLES)
    topic = f"trial-{new_id()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 2, 1)])
    finally:
        await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=broker.servers)
    await producer.start()
    projection = Projection("trial", (topic,), fold, reads=(OrganisationRegistered,))
    yield Trial(monitor_connection, producer, settings.model_copy(update={"kafka_servers": broker.servers}), projection)
    await producer.stop()


async def test_each_event_keeps_its_position_and_what_is_new_comes_at_the_end(trial: Trial) -> None:
    second, first = await trial.say(0, "c", "noted d", "e"), await trial.say(1, "a", "noted b")
    await trial.fold(1, *first)
    await trial.fold(0, *second)
    assert await trial.rows() == [(1, "a"), (2, "noted b"), (3, "c"), (4, "noted d"), (5, "e")]
    # What an older version forgot, told otherwise, or told where nothing is to tell.
    await trial.connection.execute("DELETE FROM trial_note; DELETE FROM trial WHERE position = 4")
    await trial.connection.execute("UPDATE trial SET said = 'anders' WHERE position = 1")
    await trial.put(6, "superseded", AggregateMoved.type)
    await trial.connection.execute("INSERT INTO trial_note VALUES (6)")
    await trial.put(7, "gone", OrganisationRegistered.type)
    # And what the live projection has yet to fold.
    late = await trial.say(1, "f")
    heard: list[object] = []
    follower = await connect("monitor", trial.settings)
    await follower.add_listener("trial", lambda *said: heard.append(said[-1]))

    await trial.rebuild()

    *known, one, other = await trial.rows()
    assert known == [(1, "a"), (2, "noted b"), (3, "c"), (5, "e"), (6, "superseded")]
    assert [one[0], other[0]] == [8, 9], "past all that a reader may have seen"
    assert {one[1], other[1]} == {"noted d", "f"}
    new = next(position for position, said in (one, other) if said == "noted d")
    assert await trial.notes() == sorted((2, 6, new))
    assert await _LOG.log.head(trial.connection) == 9
    await until(lambda: asyncio.sleep(0, heard), lambda found: found == [RENEWED], 10)
    await follower.close()

    # Folding goes on behind it: what the shadow has folded is not folded again.
    await trial.fold(1, *first, *late)
    (next_one,) = await trial.say(0, "g")
    await apply_run(trial.connection, trial.live, Partition(trial.live.topics[0], 0), run(next_one, start=3), NOW)
    assert (await trial.rows())[-1] == (10, "g")


async def test_what_was_brought_over_is_brought_once(trial: Trial) -> None:
    await trial.fold(0, *(await trial.say(0, "a")))
    await trial.put(2, "superseded", AggregateMoved.type)
    await trial.rebuild()
    await trial.rebuild()
    assert await trial.rows() == [(1, "a"), (2, "superseded")]


async def test_one_that_broke_off_at_the_swap_changed_nothing_and_goes_on(trial: Trial) -> None:
    first = await trial.say(0, "a")
    await trial.fold(0, *first)
    await trial.put(2, "superseded", AggregateMoved.type)
    later = await trial.say(0, "b")

    async def break_off(_: Connection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rebuild.rebuild("monitor", replace(trial.plan, tell=break_off), trial.settings, lambda _, __: None)
    assert await trial.rows() == [(1, "a"), (2, "superseded")]
    # The shadow has it, without a position.
    await trial.fold(0, *first, *later)
    seen = await trial.rows()
    await trial.rebuild()
    assert await trial.rows() == seen == [(1, "a"), (2, "superseded"), (3, "b")]


async def test_letters_that_were_replayed_are_replayed_again_and_the_others_stay(trial: Trial) -> None:
    values = await trial.say(0, "child in parent", "orphan in nothing", "parent")
    await trial.fold(0, *values)
    (letter,) = await trial.connection.fetch("SELECT id FROM dead_letter WHERE event_id LIKE 'child%'")
    async with trial.connection.transaction():
        assert await dead_letters.replay(trial.connection, [trial.live], letter["id"], datetime.now(UTC))
    asked = "SELECT event_id, awaits, replayed_at IS NOT NULL AS replayed FROM dead_letter ORDER BY 1"
    rows, letters = await trial.rows(), await trial.connection.fetch(asked)
    assert rows == [(1, "parent"), (2, "child")]
    assert [tuple(row) for row in letters] == [("child in parent", True, True), ("orphan in nothing", True, False)]
    await trial.rebuild()
    assert await trial.rows() == rows
    assert await trial.connection.fetch(asked) == letters


async def test_a_letter_that_cannot_be_folded_any_more_is_dead_again(trial: Trial) -> None:
    await trial.fold(0, *(await trial.say(0, "orphan in nothing")))
    await trial.connection.execute("UPDATE dead_letter SET replayed_at = now(), awaits = false, reason = 'of before'")
    await trial.rebuild()
    (letter,) = await trial.connection.fetch("SELECT reason, awaits, replayed_at FROM dead_letter")
    assert tuple(letter) == ("Awaits: nothing is not there", True, None)


async def test_a_slow_reader_keeps_nobody_else_waiting(trial: Trial) -> None:
    await trial.fold(0, *(await trial.say(0, "a")))
    slow = await connect("monitor", trial.settings)
    other = await connect("monitor", trial.settings)
    tried: list[None] = []

    async def told(_: Connection) -> None:
        tried.append(None)

    plan = replace(trial.plan, tell=told)
    async with slow.transaction():
        await slow.fetch("SELECT FROM trial")
        swapping = asyncio.create_task(rebuild.rebuild("monitor", plan, trial.settings, lambda _, __: None))
        while len(tried) < 2:
            assert not swapping.done()
            # Without a limit to its patience this would wait for the swap, and that for the slow reader.
            async with asyncio.timeout(30):
                await other.fetch("SELECT FROM trial")
    await swapping
    assert await trial.rows() == [(1, "a")]
    await slow.close()
    await other.close()


async def test_control_without_a_limit_to_its_patience_everyone_waits(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_PATIENCE", "0")
    slow = await connect("monitor", trial.settings)
    other = await connect("monitor", trial.settings)
    async with slow.transaction():
        await slow.fetch("SELECT FROM trial")
        swapping = asyncio.create_task(trial.rebuild())
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'"
        await until(partial(trial.connection.fetchval, waiting), bool, 30)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await other.execute("SET lock_timeout = '100ms'; SELECT FROM trial")
    await swapping
    await slow.close()
    await other.close()


async def test_a_log_that_ends_before_the_live_tables_is_refused(trial: Trial) -> None:
    await trial.fold(0, *(await trial.say(0, "a")))
    await trial.connection.execute("UPDATE watermark SET next_offset = 5")
    with pytest.raises(RebuildError, match="-0 ends at offset 1, before the 5 that the live tables have read"):
        await trial.rebuild()
    assert await trial.rows() == [(1, "a")]
