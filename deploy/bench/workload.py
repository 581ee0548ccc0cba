"""UC4-NL: a seeded log of CloudEvents. The same size and seed give the same records, byte for byte."""

import heapq
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from shared.contracts.slots import SLOTS, headers_of
from shared.outbox.partitioner import partition_of, slot_of

PARTITIONS = 8
PROVINCE = "PV30"
REGIONS = tuple(f"R{number}" for number in range(1, 9))
MUNICIPALITIES = tuple(f"GM{number:04}" for number in range(1, 63))
#: Municipality -> region -> province.
REGION_OF: Mapping[str, str] = {area: REGIONS[index % len(REGIONS)] for index, area in enumerate(MUNICIPALITIES)}
THEMES = tuple(f"t{number:02}" for number in range(1, 13))
TYPE = "nl.veerkracht.contribution.counted.v1"
SOURCE = "urn:nld:oin:00000099000000001000:systeem:bench"
#: Poison comes from a publisher of its own, so the sequence of `SOURCE` has no gap.
BROKEN_SOURCE = SOURCE + "-broken"

LATE, DUPLICATE, POISON, WITHDRAWN = 0.05, 0.01, 0.001, 0.1
#: A duplicate follows within so many records of its partition.
DUPLICATE_WITHIN = 5_000

_BEGIN, _DAYS = datetime(2025, 1, 1, tzinfo=UTC), 365
_BLOCK = 10_000
_UNKNOWN_AREA = "GM9999"

#: The weight of the k-th municipality is 1 / k.
_ZIPF = tuple(accumulate(1 / rank for rank in range(1, len(MUNICIPALITIES) + 1)))
#: Where a Kafka client puts a key by default.
SLOT_OF: Mapping[str, int] = {area: slot_of(area.encode()) for area in MUNICIPALITIES}
PARTITION_OF: Mapping[str, int] = {area: partition_of(slot, PARTITIONS) for area, slot in SLOT_OF.items()}


class Fact(NamedTuple):
    """What a good event says. `at` is event time in UTC as RFC 3339, to the second; `amount` is in cents."""

    area: str
    theme: str
    at: str
    amount: int
    sign: int


class Record(NamedTuple):
    """One record, with its number in its slot. Without a fact it is a duplicate, or poison when it says so."""

    partition: int
    key: str
    value: bytes | None
    fact: Fact | None
    number: int
    poison: bool = False
    #: Of a probe, which has a slot to itself; else that of the key.
    slot: int | None = None

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        """As a relay sends them."""
        return headers_of(SLOT_OF[self.key] if self.slot is None else self.slot, self.number)


def event(id_: str, sequence: int, time: str, fact: Fact, *, source: str = SOURCE, data: str | None = None) -> bytes:
    """A structured CloudEvent of about 420 bytes; `data` replaces the JSON of the fact."""
    area, theme, at, amount, sign = fact
    if data is None:
        data = f'{{"area":"{area}","theme":"{theme}","at":"{at}","amount":{amount},"sign":{sign}}}'
    return (
        f'{{"specversion":"1.0","id":"{id_}","source":"{source}","type":"{TYPE}","subject":"area/{area}",'
        f'"time":"{time}","datacontenttype":"application/json","partitionkey":"{area}","sequence":"{sequence}",'
        f'"sequencetype":"Integer","data":{data}}}'
    ).encode()


def _days() -> list[list[str]]:
    """The days of the year, by month."""
    months: list[list[str]] = [[] for _ in range(12)]
    for number in range(_DAYS):
        day = _BEGIN + timedelta(days=number)
        months[day.month - 1].append(f"{day:%Y-%m-%d}")
    return months


def records(size: int, seed: int = 1) -> Iterator[Record]:
    """A log of `size` records that goes through a year of event time."""
    draw = random.Random(seed)  # noqa: S311 - reproducible on purpose
    months = _days()
    all_days = [(month, day) for month, days in enumerate(months) for day in days]
    clock = [f"{hour:02}:{minute:02}:{second:02}Z" for hour in range(24) for minute in range(60) for second in (7, 42)]
    lengths, numbers = [0] * PARTITIONS, [0] * SLOTS
    due: list[list[tuple[int, Record]]] = [[] for _ in range(PARTITIONS)]
    # A small log has its duplicates nearer, so that they fall inside it.
    within = min(DUPLICATE_WITHIN, max(size // 100, 1))
    # Nothing is late in the first month: the others make up for it.
    late = LATE * 12 / 11
    made = sequence = broken = 0

    while made < size:
        areas = draw.choices(MUNICIPALITIES, cum_weights=_ZIPF, k=_BLOCK)
        themes = draw.choices(THEMES, k=_BLOCK)
        times = draw.choices(clock, k=_BLOCK)
        for area, theme, time in zip(areas, themes, times, strict=True):
            if made >= size:
                return
            partition, slot = PARTITION_OF[area], SLOT_OF[area]
            waiting = due[partition]
            if waiting and waiting[0][0] <= lengths[partition]:
                yield heapq.heappop(waiting)[1]
                lengths[partition] += 1
                made += 1
                if made >= size:
                    return
            month, day = all_days[made * _DAYS // size]
            if month and draw.random() < late:
                day = draw.choice(months[draw.randrange(month)])
            bits = draw.getrandbits(128)
            sign = -1 if draw.random() < WITHDRAWN else 1
            fact = Fact(area, theme, f"{day}T{time}", draw.randrange(1, 1_000_000), sign)
            digits = f"{bits:032x}"
            id_ = f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
            numbers[slot] += 1
            if draw.random() < POISON:
                broken += 1
                record = Record(partition, area, _poison(draw, id_, broken, fact), None, numbers[slot], poison=True)
            else:
                sequence += 1
                value = event(id_, sequence, fact.at, fact)
                record = Record(partition, area, value, fact, numbers[slot])
                if draw.random() < DUPLICATE:
                    again = lengths[partition] + draw.randint(1, within)
                    heapq.heappush(waiting, (again, Record(partition, area, value, None, numbers[slot])))
            yield record
            lengths[partition] += 1
            made += 1


def _poison(draw: random.Random, id_: str, sequence: int, fact: Fact) -> bytes | None:
    """A record that can never be folded, of one of seven kinds."""
    area, theme, at, amount, sign = fact
    kinds = (
        None,  # no value at all
        f'{{"area":"{area}","theme":"{theme}","at":"{at}","amount":"{amount}","sign":{sign}}}',  # a number as text
        f'{{"area":"{area}","at":"{at}","amount":{amount},"sign":{sign}}}',  # a field is missing
        f'{{"area":"{_UNKNOWN_AREA}","theme":"{theme}","at":"{at}","amount":{amount},"sign":{sign}}}',
        f'{{"area":"{area}","theme":"{theme}","at":"yesterday","amount":{amount},"sign":{sign}}}',
        f'{{"area":"{area}","theme":"{theme}","at":"{at}","amount":{amount},"sign":2}}',
        "",  # cut off
    )
    data = draw.choice(kinds)
    if data is None:
        return None
    whole = event(id_, sequence, fact.at, fact, source=BROKEN_SOURCE, data=data or None)
    return whole if data else whole[: draw.randrange(1, len(whole) - 1)]
