"""A repeat is seen for ever, by the last number of its slot; a number that is missing is seen at once."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.contracts.community import DialogueFindingsRecorded
from shared.contracts.slots import Headers, headers_of
from shared.database import Connection, Pool
from shared.projections.dead_letters import replay
from shared.projections.halts import Gap
from shared.projections.projector import apply_batch
from shared.projections.runs import Run
from shared.projections.watermarks import Partition, read_watermark
from tests.records import NOW, Record, apply_run, cloud_event, findings, withdrawal

from .tally import HERE, TALLY, dead, keep_all, tallied


def slots(*numbers: tuple[int, int, str], start: int = 0) -> list[Record]:
    """Records with these slots, numbers and ids."""
    return [
        Record(offset, cloud_event(findings(id_), id_, sequence=number), headers=headers_of(slot, number))
        for offset, (slot, number, id_) in enumerate(numbers, start)
    ]


def as_they_are(records: Sequence[Record]) -> Run:
    """A run of records whose headers nobody mends."""
    found = Run(HERE, records[0].offset)
    found.read(TALLY, records)
    return found


async def test_a_number_that_is_given_to_a_second_event_is_a_dead_letter(connection: Connection) -> None:
    """A publisher restored from a backup counts again from an earlier number: silence would lose its events."""
    await apply_run(connection, TALLY, HERE, slots((5, 1, "e0")), NOW)
    applied = await apply_run(connection, TALLY, HERE, slots((5, 1, "e1"), start=1), NOW)
    assert (applied.duplicates, len(applied.dead_letters)) == (0, 1)
    assert "gave its number in the slot to another event before, e0" in (await dead(connection))[0][1]
    (letter,) = await connection.fetch("SELECT id FROM dead_letter")
    assert await replay(connection, [TALLY], letter["id"], NOW)
    assert await tallied(connection) == ["e0", "e1"]


async def test_an_event_set_aside_twice_is_replayed_once(connection: Connection) -> None:
    await apply_run(connection, TALLY, HERE, slots((5, 1, "e0"), (5, 1, "e1"), (5, 1, "e1")), NOW)
    letters = [row["id"] for row in await connection.fetch("SELECT id FROM dead_letter")]
    assert [await replay(connection, [TALLY], letter, NOW) for letter in letters] == [True, False]
    assert await tallied(connection) == ["e0", "e1"]


async def test_an_event_without_a_number_in_a_slot_is_a_dead_letter(connection: Connection) -> None:
    value = cloud_event(findings("d0"), "e0")
    wrong: list[Headers] = [[], [("slot", b"")], [("slot", bytes(8))], [("slot", None)], [("Slot", b"\1" * 8)]]
    records = [Record(offset, value, headers=headers) for offset, headers in enumerate(wrong)]
    await apply_batch(connection, TALLY, [as_they_are(records)], NOW)
    assert [reason for _, reason in await dead(connection)] == ["the record has no number in a slot"] * len(wrong)


async def test_repeats_are_seen_however_far_back_and_from_wherever_they_are_sent_again(connection: Connection) -> None:
    dice = random.Random(4)
    wanted = [(dice.choice((3, 17, 40)), f"e{i}") for i in range(300)]
    count: Counter[int] = Counter()
    numbers = []
    for slot, id_ in wanted:
        count[slot] += 1
        numbers.append((slot, count[slot], id_))
    # Everything in order; now and then all is sent again from an earlier one.
    log = numbers[:100] + numbers[20:100] + numbers + numbers[250:]
    for start in range(0, len(log), 50):
        records = slots(*log[start : start + 50], start=start)
        await apply_run(connection, replace(TALLY, apply=keep_all), HERE, records, NOW)
    assert await tallied(connection) == [id_ for _, id_ in wanted]


async def test_a_number_that_is_missing_is_refused_and_nothing_moves(connection: Connection) -> None:
    """A log that was cut short, or is another, shows at its first new event."""
    await apply_run(connection, TALLY, HERE, slots((5, 1, "e0"), (6, 1, "e1")), NOW)
    with pytest.raises(Gap, match="has number 3 of slot 5 at offset 3, but 2 was next"):
        await apply_run(connection, TALLY, HERE, slots((6, 2, "e2"), (5, 3, "e3"), start=2), NOW)
    assert await tallied(connection) == ["e0", "e1"]
    assert await read_watermark(connection, "tally", HERE) == 2


async def test_what_is_passed_over_is_counted_too(connection: Connection) -> None:
    """Else the next event that is read would follow on a gap."""
    passed_over = cloud_event(withdrawal("d1"), "e1")
    only = replace(TALLY, reads=(DialogueFindingsRecorded,))
    records = slots((5, 1, "e0"), (5, 3, "e2"))
    between = Record(1, passed_over, headers=headers_of(5, 2))
    await apply_run(connection, only, HERE, [records[0], between, replace(records[1], offset=2)], NOW)
    assert await tallied(connection) == ["e0", "e2"]


async def test_two_partitions_with_the_same_slot_fold_it_once(connection: Connection, monitor_pool: Pool) -> None:
    """An earlier relay still sends to the old partition what a later one sends to the new: workers take turns."""
    there = Partition(HERE.topic, 1)
    records = slots(*[(5, number, f"e{number}") for number in range(1, 21)])

    async def worker(partition: Partition) -> int:
        async with monitor_pool.acquire() as mine:
            return len((await apply_run(mine, TALLY, partition, records, NOW)).folded)

    assert sorted(await asyncio.gather(worker(HERE), worker(there))) == [0, 20]
    assert len(await tallied(connection)) == 20
