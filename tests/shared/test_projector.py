"""The projector: an event counts once, whatever the log repeats, breaks or withholds."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from shared.contracts.community import DialogueFindingsRecorded
from shared.database import Connection, Pool
from shared.delivery import Batch, Poison
from shared.projector import Gap, Outdated, Partition, Projection, apply_run, read_watermark

from ..records import NOW, Record, cloud_event, findings, run

HERE = Partition("community.dialogue-findings", 0)


async def tally(connection: Connection, events: Batch, _: datetime) -> None:
    """A read table that shows each fold: one row per folded event, and no protection of its own."""
    for event in events:
        if isinstance(event.data, DialogueFindingsRecorded) and event.data.dialogue.startswith("poison"):
            raise Poison("a dialogue of this name cannot be folded")
        await connection.execute("INSERT INTO tally VALUES ($1)", event.id)


TALLY = Projection("tally", (HERE.topic,), tally)


@pytest.fixture
async def connection(monitor_connection: Connection) -> Connection:
    await monitor_connection.execute("CREATE TABLE tally (id text)")
    return monitor_connection


async def tallied(connection: Connection) -> list[str]:
    return [row["id"] for row in await connection.fetch("SELECT id FROM tally ORDER BY ctid")]


async def dead(connection: Connection) -> list[tuple[int, str]]:
    rows = await connection.fetch('SELECT "offset", reason FROM dead_letter ORDER BY "offset"')
    return [(row["offset"], row["reason"]) for row in rows]


async def test_a_run_is_folded_in_order_and_the_watermark_follows(connection: Connection) -> None:
    applied = await apply_run(
        connection, TALLY, HERE, run(*[cloud_event(findings(f"d{i}"), f"e{i}") for i in range(3)]), NOW
    )
    assert (applied.next_offset, len(applied.folded), applied.duplicates, applied.dead_letters) == (3, 3, 0, ())
    assert await tallied(connection) == ["e0", "e1", "e2"]
    assert await read_watermark(connection, "tally", HERE) == 3


async def test_a_redelivered_run_changes_nothing(connection: Connection) -> None:
    records = run(cloud_event(findings("d0"), "e0"), cloud_event(findings("d1"), "e1"))
    await apply_run(connection, TALLY, HERE, records, NOW)
    again = await apply_run(connection, TALLY, HERE, records, NOW)
    assert again.folded == ()
    assert await tallied(connection) == ["e0", "e1"]


async def test_control_without_a_watermark_and_claims_redelivery_counts_twice(connection: Connection) -> None:
    """Negative control: the protection is in the projector, not in this table."""
    records = run(cloud_event(findings("d0"), "e0"))
    await apply_run(connection, TALLY, HERE, records, NOW)
    await connection.execute("TRUNCATE watermark, claim")
    await apply_run(connection, TALLY, HERE, records, NOW)
    assert await tallied(connection) == ["e0", "e0"]


async def test_an_overlapping_run_folds_only_what_is_new(connection: Connection) -> None:
    values = [cloud_event(findings(f"d{i}"), f"e{i}") for i in range(4)]
    await apply_run(connection, TALLY, HERE, run(*values[:3]), NOW)
    applied = await apply_run(connection, TALLY, HERE, run(*values[1:], start=1), NOW)
    assert [event.id for event in applied.folded] == ["e3"]


async def test_an_event_published_again_at_a_new_offset_is_dropped(connection: Connection) -> None:
    value = cloud_event(findings("d0"), "e0")
    applied = await apply_run(connection, TALLY, HERE, run(value, value), NOW)
    later = await apply_run(connection, TALLY, HERE, run(value, start=2), NOW)
    assert (applied.duplicates, later.duplicates) == (1, 1)
    assert await tallied(connection) == ["e0"]


async def test_a_gap_before_the_run_is_refused_and_nothing_moves(connection: Connection) -> None:
    with pytest.raises(Gap, match="0 was next"):
        await apply_run(connection, TALLY, HERE, run(cloud_event(findings("d0")), start=5), NOW)
    assert await read_watermark(connection, "tally", HERE) == 0


async def test_a_gap_inside_the_run_is_refused_and_nothing_moves(connection: Connection) -> None:
    records = [Record(0, cloud_event(findings("d0"))), Record(2, cloud_event(findings("d2")))]
    with pytest.raises(Gap, match="1 was next"):
        await apply_run(connection, TALLY, HERE, records, NOW)
    assert await tallied(connection) == []


@pytest.mark.parametrize("place", [0, 2, 4], ids=["first", "middle", "last"])
async def test_one_unreadable_record_is_one_dead_letter_and_its_neighbours_count(
    connection: Connection, place: int
) -> None:
    values: list[bytes | None] = [cloud_event(findings(f"d{i}"), f"e{i}") for i in range(5)]
    values[place] = b'{"id": "broken", "source":'
    applied = await apply_run(connection, TALLY, HERE, run(*values), NOW)
    assert [record.offset for record in applied.dead_letters] == [place]
    assert await tallied(connection) == [f"e{i}" for i in range(5) if i != place]
    assert [offset for offset, _ in await dead(connection)] == [place]


@pytest.mark.parametrize("place", [0, 2, 4], ids=["first", "middle", "last"])
async def test_one_unfoldable_event_is_one_dead_letter_and_its_neighbours_count(
    connection: Connection, place: int
) -> None:
    values = [cloud_event(findings(f"d{i}"), f"e{i}") for i in range(5)]
    values[place] = cloud_event(findings("poison"), "ep")
    await apply_run(connection, TALLY, HERE, run(*values), NOW)
    assert await tallied(connection) == [f"e{i}" for i in range(5) if i != place]
    assert await dead(connection) == [(place, "Poison: a dialogue of this name cannot be folded")]
    assert await connection.fetchval("SELECT count(*) FROM claim WHERE event_id = 'ep'") == 0


async def test_records_without_value_and_with_broken_data_are_dead_letters(connection: Connection) -> None:
    broken = cloud_event(findings("d0"), "e0").replace(b'"heldOn":"2026-11-23"', b'"heldOn":"someday"')
    applied = await apply_run(connection, TALLY, HERE, run(None, broken, b"\xff\xfe"), NOW)
    assert len(applied.dead_letters) == 3
    assert applied.next_offset == 3


async def test_an_unknown_type_is_passed_over(connection: Connection) -> None:
    unknown = cloud_event(findings("d0")).replace(b"findings-recorded.v1", b"findings-recorded.v9")
    applied = await apply_run(connection, TALLY, HERE, run(unknown), NOW)
    assert (applied.next_offset, applied.folded, applied.dead_letters) == (1, (), ())


async def test_a_projection_that_needs_every_event_stops_at_an_unknown_type(connection: Connection) -> None:
    unknown = cloud_event(findings("d0")).replace(b"findings-recorded.v1", b"findings-recorded.v9")
    with pytest.raises(Outdated, match=r"findings-recorded\.v9 is newer"):
        await apply_run(connection, replace(TALLY, every_type=True), HERE, run(unknown), NOW)
    assert await read_watermark(connection, "tally", HERE) == 0


async def test_a_crash_in_the_fold_leaves_nothing_behind(connection: Connection) -> None:
    async def crash(connection: Connection, events: Batch, now: datetime) -> None:
        await tally(connection, events, now)
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await apply_run(connection, Projection("tally", (), crash), HERE, run(cloud_event(findings("d0"))), NOW)
    assert await tallied(connection) == []
    assert await read_watermark(connection, "tally", HERE) == 0


async def test_two_workers_on_one_partition_fold_each_event_once(connection: Connection, monitor_pool: Pool) -> None:
    """A zombie and its successor hold the same run; the watermark row makes them take turns."""
    records = run(*[cloud_event(findings(f"d{i}"), f"e{i}") for i in range(20)])

    async def worker() -> int:
        async with monitor_pool.acquire() as mine:
            return len((await apply_run(mine, TALLY, HERE, records, NOW)).folded)

    assert sorted(await asyncio.gather(worker(), worker())) == [0, 20]
    assert len(await tallied(connection)) == 20
