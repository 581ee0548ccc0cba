"""The projector: an event counts once, whatever the log repeats, breaks or withholds."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from shared.contracts.community import DialogueFindingsRecorded
from shared.database import Connection, Pool
from shared.projections.dead_letters import replay
from shared.projections.decoding import Awaits, Batch, Delivered, Poison
from shared.projections.halts import Gap
from shared.projections.projector import Projection, TooManyDead, apply_batch, pile_of_dead
from shared.projections.watermarks import Partition, read_watermark
from tests.community.samples import MOVED
from tests.records import NOW, Record, apply_run, cloud_event, findings, read_run, run

from .tally import HERE, TALLY, dead, keep_all, tallied, tally


async def test_a_run_is_folded_in_order_and_the_watermark_follows(connection: Connection) -> None:
    applied = await apply_run(
        connection, TALLY, HERE, run(*[cloud_event(findings(f"d{i}"), f"e{i}") for i in range(3)]), NOW
    )
    assert (applied.next_offsets, len(applied.folded), applied.duplicates, applied.dead_letters) == (
        {HERE: 3},
        3,
        0,
        [],
    )
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
    assert [letter.offset for letter in applied.dead_letters] == [place]
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
    again = await apply_run(connection, replace(TALLY, apply=keep_all), HERE, run(values[place], start=5), NOW)
    assert (again.folded, again.duplicates) == ([], 1), "its letter is what is replayed, once"


@pytest.mark.parametrize("place", [0, 2, 4], ids=["first", "middle", "last"])
async def test_an_event_that_a_check_refuses_is_one_dead_letter_and_the_rest_is_folded_at_once(
    connection: Connection, place: int
) -> None:
    batches: list[int] = []

    async def counting(connection: Connection, events: Batch, now: datetime) -> None:
        batches.append(len(events))
        await keep_all(connection, events, now)

    def refuse(event: Delivered) -> None:
        if event.id == f"e{place}":
            raise Poison("refused")

    checked = replace(TALLY, apply=counting, check=refuse)
    await apply_run(connection, checked, HERE, run(*[cloud_event(findings(f"d{i}"), f"e{i}") for i in range(5)]), NOW)
    assert batches == [4]
    assert await dead(connection) == [(place, "refused")]


async def test_what_compaction_took_is_no_gap(connection: Connection) -> None:
    there = Partition("monitor.aggregates", 0)
    figures = Projection("figures", (there.topic,), keep_all)
    records = [Record(3, cloud_event(MOVED, "e3")), Record(7, cloud_event(MOVED, "e7"))]
    applied = await apply_run(connection, figures, there, records, NOW)
    assert applied.next_offsets == {there: 8}
    again = [records[1], Record(9, cloud_event(MOVED, "e9"))]
    await apply_run(connection, figures, there, again, NOW)
    assert await tallied(connection) == ["e3", "e7", "e9"]
    assert await read_watermark(connection, "figures", there) == 10
    with pytest.raises(Gap, match="8 was next"):
        read_run(figures, there, [records[1], *records])


async def test_a_batch_moves_all_its_partitions_or_none(connection: Connection) -> None:
    there, other = Partition(HERE.topic, 1), cloud_event(findings("d1"), "e1")
    runs = [
        read_run(TALLY, HERE, run(cloud_event(findings("d0"), "e0"))),
        read_run(TALLY, there, run(other, start=7)),
    ]
    with pytest.raises(Gap, match="findings-1 goes on at offset 7, but 0 was next"):
        await apply_batch(connection, TALLY, runs, NOW)
    assert await tallied(connection) == []
    runs[1] = read_run(TALLY, there, run(other))
    applied = await apply_batch(connection, TALLY, runs, NOW)
    assert applied.next_offsets == {HERE: 1, there: 1}
    assert sorted(await tallied(connection)) == ["e0", "e1"]


@pytest.mark.parametrize("text", ["0", "-1", "", "1.5", "x", "1" * 19])
async def test_an_event_without_a_proper_number_is_a_dead_letter(connection: Connection, text: str) -> None:
    value = cloud_event(findings("d0"), "e0", sequence=77).replace(
        b'"sequence":"77"', b'"sequence":"%s"' % text.encode()
    )
    await apply_run(connection, TALLY, HERE, run(value), NOW)
    assert "is not a whole number from 1" in (await dead(connection))[0][1]


async def test_a_pile_of_dead_letters_is_seen_in_the_middle_of_a_run(connection: Connection) -> None:
    alive = [cloud_event(findings(f"d{i}"), f"e{i}") for i in range(2)]
    values: list[bytes | None] = [alive[0], b"a", b"b", b"c", alive[1]]
    with pytest.raises(TooManyDead) as pile:
        await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(*values))], NOW, most_dead=3)
    assert pile.value.upto == 3
    await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(*values))], NOW, most_dead=4)
    assert await tallied(connection) == ["e0", "e1"]


async def test_dead_letters_in_a_row_beyond_the_limit_fold_nothing(connection: Connection) -> None:
    values: list[bytes | None] = [cloud_event(findings("d0"), "e0"), *[b"broken"] * 6]
    with pytest.raises(TooManyDead) as pile:
        await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(*values))], NOW, most_dead=4)
    assert (pile.value.partition, pile.value.upto) == (HERE, 4)
    assert await read_watermark(connection, "tally", HERE) == 0
    await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(*values))], NOW, most_dead=7)
    assert len(await dead(connection)) == 6


async def test_dead_letters_in_a_row_are_counted_across_batches_until_they_are_replayed(connection: Connection) -> None:
    await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(b"a", b"b"))], NOW, most_dead=4)
    with pytest.raises(TooManyDead):
        await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(b"c", b"d", b"e", start=2))], NOW, most_dead=4)
    await connection.execute('UPDATE dead_letter SET replayed_at = found_at WHERE "offset" = 1')
    await apply_batch(connection, TALLY, [read_run(TALLY, HERE, run(b"c", b"d", b"e", start=2))], NOW, most_dead=4)
    assert await pile_of_dead(connection, "tally", HERE, 4, 3) == 4
    assert await pile_of_dead(connection, "tally", HERE, 4, 4) is None


async def test_a_tombstone_is_passed_over_where_the_log_is_compacted(connection: Connection) -> None:
    there = Partition("monitor.aggregates", 0)
    figures = Projection("figures", (there.topic,), keep_all, every_type=True)
    applied = await apply_run(connection, figures, there, run(None, cloud_event(MOVED, "e1"), None), NOW)
    assert (await tallied(connection), applied.dead_letters, applied.next_offsets) == (["e1"], [], {there: 3})


async def test_records_without_value_and_with_broken_data_are_dead_letters(connection: Connection) -> None:
    broken = cloud_event(findings("d0"), "e0").replace(b'"heldOn":"2026-11-23"', b'"heldOn":"someday"')
    applied = await apply_run(connection, TALLY, HERE, run(None, broken, b"\xff\xfe"), NOW)
    assert len(applied.dead_letters) == 3
    assert applied.next_offsets == {HERE: 3}


async def test_an_unknown_type_is_passed_over(connection: Connection) -> None:
    unknown = cloud_event(findings("d0")).replace(b"findings-recorded.v1", b"findings-recorded.v9")
    applied = await apply_run(connection, TALLY, HERE, run(unknown), NOW)
    assert (applied.next_offsets, applied.folded, applied.dead_letters) == ({HERE: 1}, [], [])


async def test_a_projection_that_needs_every_event_keeps_an_unknown_type_for_after_the_upgrade(
    connection: Connection,
) -> None:
    unknown = cloud_event(findings("d0")).replace(b"findings-recorded.v1", b"findings-recorded.v9")
    applied = await apply_run(connection, replace(TALLY, every_type=True), HERE, run(unknown), NOW)
    (letter,) = applied.dead_letters
    assert (letter.value, applied.next_offsets) == (unknown, {HERE: 1})
    assert "findings-recorded.v9" in letter.reason


@pytest.mark.parametrize("bug", [KeyError("GM0001"), IndexError(), TypeError(), ZeroDivisionError(), AttributeError()])
async def test_an_event_that_a_fold_did_not_expect_costs_itself_only(connection: Connection, bug: Exception) -> None:
    async def fold(connection: Connection, events: Batch, now: datetime) -> None:
        await tally(connection, events, now)
        if any(event.data.key == "d1" for event in events):
            raise bug

    records = run(*[cloud_event(findings(f"d{i}"), f"e{i}") for i in range(4)])
    applied = await apply_run(connection, Projection("tally", (HERE.topic,), fold), HERE, records, NOW)
    assert [letter.offset for letter in applied.dead_letters] == [1]
    assert len(await tallied(connection)) == 3


async def test_a_crash_in_the_fold_leaves_nothing_behind(connection: Connection) -> None:
    async def crash(connection: Connection, events: Batch, now: datetime) -> None:
        await tally(connection, events, now)
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await apply_run(
            connection, Projection("tally", (HERE.topic,), crash), HERE, run(cloud_event(findings("d0"))), NOW
        )
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


async def test_what_awaits_something_halts_nothing_and_is_folded_once_it_is_there(connection: Connection) -> None:
    there: set[str] = set()

    async def wait_for_areas(connection: Connection, events: Batch, now: datetime) -> None:
        for event in events:
            if isinstance(event.data, DialogueFindingsRecorded) and event.data.dialogue not in there:
                raise Awaits(f"{event.data.dialogue} is not there yet")
        await tally(connection, events, now)

    projection = replace(TALLY, apply=wait_for_areas, every_type=True)
    early = [cloud_event(findings(f"d{n}"), f"e{n}") for n in range(6)]
    unknown = [cloud_event(findings(f"u{n}"), f"u{n}").replace(b"findings-recorded.v1", b"dreamt.v1") for n in range(6)]
    batch = read_run(projection, HERE, run(*early, *unknown))
    applied = await apply_batch(connection, projection, [batch], NOW, most_dead=4)
    assert [letter.awaits for letter in applied.dead_letters] == [True] * 12
    there |= {f"d{n}" for n in range(6)}
    for letter in await connection.fetch("SELECT id FROM dead_letter WHERE reason LIKE 'Awaits%'"):
        assert await replay(connection, [projection], letter["id"], NOW)
    assert sorted(await tallied(connection)) == [f"e{n}" for n in range(6)]
