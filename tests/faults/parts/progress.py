"""How far everything is on its way, and where it differs from a recomputation when it is there."""

from importlib import import_module

from deploy.local import SERVICES
from shared.contracts import TOPICS
from tests.recomputation import Difference, compare
from tests.recomputed_tables import ReadTables

from . import tables
from .watching import Log

#: Per service, the topics of each projection.
READS = {
    service: {projection.name: tuple(projection.topics) for projection in module.projections(module.SETTINGS())}
    for service in SERVICES
    for module in [import_module(f"services.{service}.app")]
}


async def behind(owner: tables.Owner, log: Log) -> list[str]:
    """What is still under way: events to send, or else projections that are not at the end of their topics."""
    waiting = await tables.unsent(owner)
    if waiting:
        return [f"{waiting} events to send"]
    ends = await log.ends()
    marks = {service: await tables.watermarks(owner, service) for service in SERVICES}
    places = [
        (service, (projection, topic, n))
        for service, reads in READS.items()
        for projection, topics in reads.items()
        for topic in topics
        for n in range(TOPICS[topic].partitions)
    ]
    return [
        f"{service}.{projection}: {topic}-{n} at {marks[service].get((projection, topic, n), 0)}/{ends[topic, n]}"
        for service, (projection, topic, n) in places
        if marks[service].get((projection, topic, n), 0) != ends[topic, n]
    ]


async def differences(owner: tables.Owner, oin: str, said: ReadTables | None = None) -> Difference:
    """Every read table held against what all outboxes say, read at one moment: in a transaction that sees one."""
    said = said or await tables.said(owner)
    wrong = await tables.invariants(owner)
    public, published = await tables.public(owner, said)
    total = compare(said.tables(oin), await tables.tables(owner, said)) + compare(public, published) + said.numbering()
    return total + Difference(len(wrong), 0, tuple(wrong))
