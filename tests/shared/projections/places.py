"""Where a log ends: a projection of a test begins there, since other tests number their events in the same topics."""

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contracts import TOPICS
from shared.database import Connection
from shared.projections.projector import Projection
from shared.projections.watermarks import Partition


async def ends_of(servers: str) -> dict[Partition, int]:
    """Where each partition of each topic ends now."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()
    try:
        places = [TopicPartition(name, n) for name, topic in TOPICS.items() for n in range(topic.partitions)]
        found = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {Partition(place.topic, place.partition): offset for place, offset in found.items()}


async def start_at(connection: Connection, projection: Projection, ends: Mapping[Partition, int]) -> None:
    """Leave to others what they put into the topics."""
    places = [place for place in ends if place.topic in projection.topics]
    rows = [(projection.name, *place.place, ends[place]) for place in places]
    await connection.executemany("INSERT INTO watermark VALUES ($1, $2, $3, $4)", rows)
