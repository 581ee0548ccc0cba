"""What becomes public, in Postgres: the live figures are the sum of the public log, numbered in order of commits."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.monitor.figure import record
from services.monitor.figure.cells import PublicCell, PublicLine, roll_up
from services.monitor.figure.json import members
from services.monitor.figure.public import NOTHING_PUBLIC, PublicTally
from services.monitor.figure.quantity import SCORES
from services.monitor.figure.record import public_tally_of
from services.monitor.figure.tally import of_scores
from services.monitor.publication import store
from services.monitor.publication.domain import Publication, Thresholds, Unit
from services.monitor.publication.handlers import release
from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.database import Connection, Pool

from ..figure.chains import Always
from . import worlds

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TEN = Thresholds(10)
THEMES = {"verbondenheid": Theme.CONNECTION, "buurthulp": Theme.CONNECTION}
PROVINCE = (AreaLevel.PROVINCE, "PV30")
EAST, WEST = (AreaLevel.REGION, "zuidoost-brabant"), (AreaLevel.REGION, "west-brabant")
CHAINS = {
    code: ((AreaLevel.MUNICIPALITY, code), region, PROVINCE)
    for code, region in (("GM0794", EAST), ("GM0772", EAST), ("GM0758", WEST))
} | {"zuidoost-brabant": (EAST, PROVINCE), "west-brabant": (WEST, PROVINCE), "PV30": (PROVINCE,)}


@pytest.fixture
async def monitor(monitor_pool: Pool) -> AsyncIterator[Connection]:
    """A monitor that knows Helmond, Eindhoven and Breda, and two indicators."""
    async with monitor_pool.acquire() as connection:
        await connection.execute("""
            INSERT INTO area VALUES ('PV30', 'Noord-Brabant', 'province', NULL, '2016-01-01', NULL),
                ('zuidoost-brabant', 'Zuidoost-Brabant', 'region', 'PV30', '2016-01-01', NULL),
                ('west-brabant', 'West-Brabant', 'region', 'PV30', '2016-01-01', NULL),
                ('GM0794', 'Helmond', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
                ('GM0772', 'Eindhoven', 'municipality', 'zuidoost-brabant', '2016-01-01', NULL),
                ('GM0758', 'Breda', 'municipality', 'west-brabant', '2016-01-01', NULL);
            INSERT INTO indicator VALUES
                ('verbondenheid', 'Verbondenheid', 'Connection', 'verbinding', 'social', 'score-1-5', 'up'),
                ('buurthulp', 'Buurthulp', 'Help', 'verbinding', 'social', 'score-1-5', 'up');
        """)
        yield connection


def unit(dialogue: str, *scores: int, area: str = "GM0794", number: int = 0, indicator: str = "verbondenheid") -> Unit:
    return Unit(
        f"dialogue/{dialogue}",
        number,
        indicator,
        SourceKind.DIALOGUE,
        area,
        "2019-03",
        of_scores(scores),
        f"event-{dialogue}",
    )


async def say(connection: Connection, *added: Unit, removed: tuple[str, ...] = ()) -> Publication | None:
    async with connection.transaction():
        ended = [(f"dialogue/{dialogue}", f"end-{dialogue}") for dialogue in removed]
        return await release(connection, added, ended, "dialogue", NOW, TEN)


async def live(connection: Connection) -> dict[PublicCell, PublicTally]:
    rows = await connection.fetch("SELECT * FROM published")
    return {record.cell_of(row): tally for row in rows if (tally := public_tally_of(row))}


async def folded(connection: Connection, number: int) -> dict[PublicCell, PublicTally]:
    """The state at a publication, from the public log."""
    rows = await connection.fetch(
        "SELECT * FROM public_line WHERE published <= $1 AND (dissolved IS NULL OR dissolved > $1)", number
    )
    lines = [
        PublicLine(row["indicator"], SourceKind(row["source"]), row["area"], row["period"], public_tally_of(row))
        for row in rows
    ]
    return roll_up(lines, THEMES, Always(CHAINS))


async def shown(connection: Connection, area: str, code: str = "verbondenheid", period: str = "2019") -> int | None:
    n: int | None = await connection.fetchval(
        "SELECT n FROM published WHERE code = $1 AND area = $2 AND period = $3", code, area, period
    )
    return n


async def test_the_live_figures_are_the_sum_of_the_public_log_at_every_publication(monitor: Connection) -> None:
    rng = random.Random(5)
    states: dict[int, dict[PublicCell, PublicTally]] = {0: {}}
    there: list[str] = []
    for step in range(60):
        if there and rng.random() < 0.3:
            published = await say(monitor, removed=(there.pop(rng.randrange(len(there))),))
        else:
            there.append(f"d{step}")
            scores = [[rng.randrange(4) for _ in range(5)] for _ in range(2)]
            published = await say(
                monitor,
                *(
                    unit(f"d{step}", *each, area=rng.choice(list(CHAINS)[:3]), number=number, indicator=indicator)
                    for number, (each, indicator) in enumerate(zip(scores, THEMES, strict=True))
                ),
            )
        if published:
            assert published.number == max(states) + 1
            before = states[published.number - 1]
            states[published.number] = await live(monitor)
            for move in published.moved:
                assert before.get(move.cell, NOTHING_PUBLIC) == move.before != move.after
                assert states[published.number].get(move.cell, NOTHING_PUBLIC) == move.after
        assert await live(monitor) == states[max(states)]
    for row in await monitor.fetch("SELECT * FROM published"):
        assert row["shown"] == members(public_tally_of(row), SCORES)
    assert len(states) > 30
    for number, state in states.items():
        assert await folded(monitor, number) == state


async def test_what_is_too_small_waits_and_uses_no_number(monitor: Connection) -> None:
    assert await say(monitor, unit("d1", 1, 1, 1, 1, 1)) is None
    assert await say(monitor, unit("d2", 0, 0, 0, 2, 2, area="GM0758")) is None
    assert await say(monitor, removed=("d2", "never-there")) is None
    published = await say(monitor, unit("d3", 0, 0, 0, 0, 5))
    assert published is not None and published.number == 1
    assert await shown(monitor, "GM0794", period="2019-03") == 10
    assert {(move.cell.kind, move.version) for move in published.moved} == {(kind, 1) for kind in AggregateKind}
    assert len(published.moved) == 2 * 3 * 3
    row = await monitor.fetchrow("SELECT * FROM public_line")
    assert row is not None and (row["events"], row["ended_by"]) == (["event-d1", "event-d3"], [])


async def test_what_was_in_a_dissolved_packet_is_never_public_again(monitor: Connection) -> None:
    await say(monitor, unit("d1", 5, 0, 0, 0, 0), unit("d2", 0, 0, 0, 0, 5))
    published = await say(monitor, removed=("d1",))
    assert published is not None and await live(monitor) == {}
    row = await monitor.fetchrow("SELECT * FROM public_line")
    assert row is not None and (row["dissolved"], row["ended_by"]) == (2, ["end-d1"])
    assert await say(monitor, unit("d3", 0, 0, 6, 0, 0)) is None, "d2 counts for nothing any more"
    assert await say(monitor, removed=("d2",)) is None
    assert await say(monitor, unit("d1", 5, 0, 0, 0, 0), unit("d2", 0, 0, 0, 0, 5)) is None, (
        "not even in its old packet"
    )
    withdrawn = await monitor.fetch("SELECT respondents, histogram FROM unit WHERE ref <> 'dialogue/d3'")
    assert [tuple(row) for row in withdrawn] == [(0, [])] * 2, "what is taken back is not kept"


async def test_a_packet_moves_to_another_indicator_only_as_a_whole(monitor: Connection) -> None:
    old = [unit("d1", 4, 4, 0, 0, 0), unit("d2", 0, 0, 1, 4, 4)]
    await say(monitor, *old)
    new = [unit(f"d{n}", *u.tally.histogram, indicator="buurthulp") for n, u in enumerate(old, 1)]
    published = await say(monitor, *new, removed=("d1", "d2"))
    assert published is not None
    assert {move.cell.kind for move in published.moved} == {AggregateKind.INDICATOR}, "the theme stays as it was"
    assert (await shown(monitor, "GM0794"), await shown(monitor, "GM0794", "buurthulp")) == (0, 17)
    assert await live(monitor) == await folded(monitor, 2)
    published = await say(monitor, old[0], unit("d3", 0, 0, 0, 0, 9), removed=("d1",))
    assert published is not None and await live(monitor) == {}, "d1 alone may not leave d2"
    assert await monitor.fetchval("SELECT count(*) FROM unit WHERE packet IS NULL") == 1


async def test_a_topic_that_stays_as_it_was_stays_in_its_packet_when_another_moves(monitor: Connection) -> None:
    stays, other = unit("d1", 5, 0, 0, 0, 0), unit("d2", 0, 0, 0, 0, 6)
    await say(monitor, stays, unit("d1", 4, 4, 4, 0, 0, number=1), other)
    assert (await shown(monitor, "GM0794")) == 23
    moves = unit("d1", 4, 4, 4, 0, 0, number=1, indicator="buurthulp")
    published = await say(monitor, stays, moves, removed=("d1",))
    assert published is not None
    assert (await shown(monitor, "GM0794"), await shown(monitor, "GM0794", "buurthulp")) == (11, 12)
    assert await live(monitor) == await folded(monitor, 2)


async def test_two_topics_of_one_dialogue_do_not_make_two_of_each_of_its_people(monitor: Connection) -> None:
    assert await say(monitor, unit("d1", 6, 0, 0, 0, 0), unit("d1", 0, 0, 0, 0, 6, number=1)) is None
    await say(monitor, unit("d2", 0, 0, 4, 0, 0))
    row = await monitor.fetchrow("SELECT respondents, n FROM packet")
    assert row is not None and tuple(row) == (10, 16)


async def test_publications_are_numbered_in_the_order_of_their_commits(monitor: Connection, monitor_pool: Pool) -> None:
    async def later() -> tuple[int, int]:
        async with monitor_pool.acquire() as other, other.transaction():
            published = await release(
                other, [unit("d2", 0, 12, 0, 0, 0, indicator="buurthulp")], [], "dialogue", NOW, TEN
            )
            assert published is not None
            return published.number, await other.fetchval("SELECT max(number) FROM publication")

    async with monitor.transaction():
        first = await release(monitor, [unit("d1", 0, 12, 0, 0, 0)], [], "dialogue", NOW, TEN)
        waiting = asyncio.create_task(later())
        async with monitor_pool.acquire() as looking:
            while not await looking.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not waiting.done()
                await asyncio.sleep(0.01)
            assert await looking.fetchval("SELECT count(*) FROM publication") == 0
    assert first is not None and first.number == 1
    assert await waiting == (2, 2)
    assert await folded(monitor, 2) == await live(monitor)


async def test_many_publish_at_once_without_a_deadlock(monitor: Connection, monitor_pool: Pool) -> None:
    async def worker(name: int) -> None:
        rng = random.Random(name)
        async with monitor_pool.acquire() as connection:
            for step in range(15):
                units = [
                    unit(f"{name}-{step}", *[rng.randrange(3) for _ in range(5)], number=number, indicator=indicator)
                    for number, indicator in enumerate(rng.sample(list(THEMES), 2))
                ]
                await say(connection, *units, removed=(f"{name}-{rng.randrange(15)}",))

    await asyncio.gather(*map(worker, range(3)))
    number = await monitor.fetchval("SELECT number FROM publication_head")
    assert await folded(monitor, number) == await live(monitor)
    assert [row["number"] for row in await monitor.fetch("SELECT number FROM publication ORDER BY 1")] == list(
        range(1, number + 1)
    )


async def test_what_the_attacker_attacks_is_what_is_published(monitor: Connection) -> None:
    for level, code, parent in sorted(
        {(a[0][0], a[0][1], a[1][1] if a[1:] else None) for a in worlds.CHAINS.values()},
        key=lambda area: -list(AreaLevel).index(area[0]),
    ):
        await monitor.execute(
            "INSERT INTO area VALUES ($1, $1, $2, $3, '2016-01-01', NULL) ON CONFLICT DO NOTHING", code, level, parent
        )
    for seed in range(4):
        await monitor.execute("TRUNCATE unit, packet, published")
        history = worlds.history(seed, steps=25)
        for step, seen in zip(history.steps, worlds.packets(history), strict=True):
            async with monitor.transaction():
                ended = [(ref, "end") for ref in step.removed]
                await release(monitor, step.added, ended, "dialogue", NOW, Thresholds(history.threshold))
            packets = [
                (store._line(row), frozenset(zip(row["refs"], row["numbers"], strict=True)))
                for row in await monitor.fetch("""
                    SELECT packet.*, behind.* FROM packet CROSS JOIN LATERAL (
                        SELECT array_agg(ref) AS refs, array_agg(number) AS numbers FROM unit WHERE packet = packet.id
                    ) AS behind WHERE dissolved IS NULL""")
            ]
            assert worlds.shown(await live(monitor), packets, history.units) == seen


async def test_a_large_batch_costs_as_many_statements_as_a_small_one(monitor: Connection) -> None:
    async def statements(name: str, dialogues: int, *removed: str) -> int:
        said: list[str] = []
        units = [unit(f"{name}-{n}", *[n % 4, 1, 0, 3, 0], area=f"GM07{(94, 72, 58)[n % 3]}") for n in range(dialogues)]
        with monitor.query_logger(lambda query: said.append(query.query)):
            await say(monitor, *units, removed=removed)
        return len(said)

    await statements("a", 8)  # asyncpg asks Postgres about its types, once
    assert await statements("b", 300, "a-3") == await statements("c", 8, "b-3") < 20
    assert await monitor.fetchval("SELECT sum(respondents) FROM unit WHERE packet IS NULL") < TEN.default
