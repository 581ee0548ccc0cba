"""Whether the log is still the one that was folded: its first record, its end and the record before the watermark."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from ..kafka import clients
from .halts import OtherLog
from .watermarks import Mark, Partition, id_of_record

#: Of one partition at a time: what is asked for is the first record of what comes.
_BYTES = 1024 * 1024
#: A cluster that answers does so within this time; else TimeoutError.
_PATIENCE_SECONDS = 15.0
#: What a broker says while it starts may be wrong: it is asked again.
_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A partition as it is now: where it begins and ends, which log it is, and which record stands before a watermark.

    `before` is None when nothing stands there, as in a compacted log it may be, or when it has no id.
    """

    begin: int
    end: int
    log_id: str | None
    before: str | None


def difference(mark: Mark, seen: Seen | None) -> str | None:
    """Why the log is not the one in which this watermark counts, or None."""
    if mark.next_offset == 0:
        return None
    if seen is None:
        return "it is not there any more"
    if mark.log_id is not None and seen.begin > 0 and seen.log_id is None:
        return f"it begins at offset {seen.begin}: the records before are gone"
    if mark.log_id not in (None, seen.log_id):
        return f"it is another log: its first record is {seen.log_id}, that of the log that was folded is {mark.log_id}"
    if seen.end < mark.next_offset:
        return f"it ends at offset {seen.end}, but was folded up to {mark.next_offset}: it is an older one"
    if mark.event_id is not None and seen.before not in (None, mark.event_id):
        return (
            f"at offset {mark.next_offset - 1} stands {seen.before}, but {mark.event_id} was folded there: it is an "
            f"older one that was written to again"
        )
    return None


async def compare(servers: str, projection: str, marks: Iterable[Mark]) -> list[OtherLog]:
    """What is wrong with the logs of these watermarks, seen twice. Raises KafkaError and TimeoutError."""
    asked = list(marks)
    found = _differences(asked, await look(servers, asked))
    if found:
        await asyncio.sleep(_AGAIN_SECONDS)
        found = _differences(asked, await look(servers, asked))
    return [
        OtherLog(mark.partition, f"{projection}: {mark.partition.topic}-{mark.partition.number}: {why}. Nothing was "
                 f"skipped. Run `repair`.")
        for mark, why in found
    ]  # fmt: skip


def _differences(marks: Iterable[Mark], seen: Mapping[Partition, Seen]) -> list[tuple[Mark, str]]:
    return [(mark, why) for mark in marks if (why := difference(mark, seen.get(mark.partition)))]


async def look(servers: str, marks: Iterable[Mark]) -> dict[Partition, Seen]:
    """These partitions as they are now, without those that are not there. Raises KafkaError and TimeoutError."""
    asked = {TopicPartition(*mark.partition.place): mark for mark in marks}
    async with asyncio.timeout(_PATIENCE_SECONDS):
        there = [place for place in asked if place.partition < (await _counts(servers, asked)).get(place.topic, 0)]
        if not there:
            return {}
        consumer = clients.consumer(servers, auto_offset_reset="earliest", max_partition_fetch_bytes=_BYTES)
        await consumer.start()
        try:
            begins, ends = await consumer.beginning_offsets(there), await consumer.end_offsets(there)
            first = {place: 0 for place in there if begins[place] == 0 < ends[place]}
            log_ids = await _ids(consumer, first)
            last = {
                place: wanted
                for place in there
                if begins[place] <= (wanted := asked[place].next_offset - 1) < ends[place]
            }
            before = await _ids(consumer, last)
        finally:
            await consumer.stop()
    return {
        asked[place].partition: Seen(begins[place], ends[place], log_ids.get(place), before.get(place))
        for place in there
    }


async def _counts(servers: str, places: Iterable[TopicPartition]) -> dict[str, int]:
    """How many partitions each topic has that is there."""
    admin = clients.admin(servers)
    await admin.start()
    try:
        described = await admin.describe_topics(sorted({place.topic for place in places}))
    finally:
        await admin.close()
    return {topic["topic"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}


async def _ids(consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, str | None]:
    """The ids of the records at these offsets, without those that are gone."""
    consumer.assign(list(offsets))
    for place, offset in offsets.items():
        consumer.seek(place, offset)
    found = {}
    for place, offset in offsets.items():
        record = await consumer.getone(place)
        if record.offset == offset:
            found[place] = id_of_record(record.value)
    return found
