"""The workload is what its rules say, and the oracle sees a single event too many or too few."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

import msgspec
import pytest
from aiokafka.partitioner import DefaultPartitioner

from deploy.bench import workload
from deploy.bench.oracle import Answer, Oracle, compare
from deploy.bench.workload import Fact, Record

SIZE = 20_000
LOG = list(workload.records(SIZE))


class Event(msgspec.Struct):
    source: str
    sequence: str
    partitionkey: str
    data: msgspec.Raw


def answer(log: Iterable[Record]) -> Answer:
    oracle = Oracle()
    for record in log:
        oracle.add(record)
    return oracle.answer()


def good(log: list[Record]) -> list[tuple[bytes, Fact]]:
    return [(record.value, record.fact) for record in log if record.value and record.fact]


def test_the_same_size_and_seed_give_the_same_log() -> None:
    assert list(islice(workload.records(SIZE), 1_000)) == LOG[:1_000]
    assert list(islice(workload.records(SIZE, seed=2), 1_000)) != LOG[:1_000]


def test_a_log_has_the_size_and_the_shares_that_its_rules_name() -> None:
    duplicates = sum(record.fact is None and not record.poison for record in LOG)
    assert len(LOG) == SIZE
    assert 0.005 < duplicates / SIZE < 0.015
    assert 0.0005 < sum(record.poison for record in LOG) / SIZE < 0.002
    assert all(385 <= len(value) <= 445 for value, _ in good(LOG))


def test_the_sequence_of_the_source_has_no_gap() -> None:
    events = [msgspec.json.decode(value, type=Event) for value, _ in good(LOG)]
    assert {event.source for event in events} == {workload.SOURCE}
    assert [int(event.sequence) for event in events] == list(range(1, len(events) + 1))


def test_an_event_says_what_was_drawn() -> None:
    for value, fact in good(LOG)[:1_000]:
        event = msgspec.json.decode(value, type=Event)
        assert msgspec.json.decode(event.data) == fact._asdict()
        assert event.partitionkey == fact.area


def test_one_event_in_twenty_is_of_an_earlier_month_than_its_neighbours() -> None:
    months = [fact.at[:7] for _, fact in good(LOG)]
    newest, late = "", 0
    for month in months:
        newest = max(newest, month)
        late += month < newest
    assert 0.045 < late / len(months) < 0.055


def test_a_duplicate_is_the_same_bytes_soon_after_in_the_same_partition() -> None:
    places: dict[bytes | None, tuple[int, int]] = {}
    lengths: Counter[int] = Counter()
    for record in LOG:
        offset = lengths[record.partition]
        lengths[record.partition] += 1
        if record.fact:
            places[record.value] = (record.partition, offset)
        elif not record.poison:
            partition, first = places[record.value]
            assert partition == record.partition
            assert 0 < offset - first <= workload.DUPLICATE_WITHIN


def test_a_key_lies_where_a_client_puts_it() -> None:
    every = list(range(workload.PARTITIONS))
    for area, partition in workload.PARTITION_OF.items():
        assert DefaultPartitioner()(area.encode(), every, every) == partition


@pytest.mark.long
def test_every_cell_of_the_hierarchy_is_reached() -> None:
    assert len(answer(workload.records(300_000)).cells) == 10_224


def test_the_oracle_agrees_with_itself_only() -> None:
    right = answer(LOG)
    assert compare(right, right.cells, right.dead).right


def test_a_lost_event_a_doubled_event_and_a_poison_passed_over_are_seen() -> None:
    right = answer(LOG)
    where = next(number for number, record in enumerate(LOG) if record.fact and record.fact.sign == 1)
    lost = answer(LOG[:where] + LOG[where + 1 :])
    doubled = answer([*LOG, LOG[where]])
    seen = compare(right, lost.cells, right.dead)
    assert (seen.lost, seen.doubled, seen.wrong_cells) == (1, 0, 3)
    seen = compare(right, doubled.cells, right.dead)
    assert (seen.lost, seen.doubled, seen.wrong_cells) == (0, 1, 3)
    assert compare(right, right.cells, frozenset(list(right.dead)[1:])).dead_missing == 1
    assert compare(right, right.cells, right.dead | {(0, 10**9)}).dead_extra == 1


def test_an_event_lost_beside_one_doubled_in_the_same_cell_is_seen() -> None:
    right = answer(LOG)
    twin = next(
        (one, other)
        for number, one in enumerate(LOG)
        for other in LOG[number + 1 :]
        if one.fact and other.fact and one.fact[:2] == other.fact[:2] and one.fact.sign == other.fact.sign
    )
    swapped = answer([twin[0] if record is twin[1] else record for record in LOG])
    assert compare(right, swapped.cells, right.dead).wrong_cells > 0
