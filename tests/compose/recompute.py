"""The state as it must be, folded again from the writers' record and from the log, without the services' code."""

# ruff: noqa: S608  the queries are put together from names in this file

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from ..load import Dialogue
from ..recomputation import Cell, Cells, Held, fold, programme
from .engine import SERVICES, Compose, Failed, until


@dataclass(frozen=True)
class Said:
    """What the log says of dialogues. Each event counts once, whatever the number of copies."""

    held: dict[str, Held]
    withdrawn: frozenset[str]
    #: ids of the events by which dialogues were held, and the causes of the triggers about them
    held_events: frozenset[str]
    causes: tuple[str, ...]

    def cells(self) -> Cells:
        """The figures: a withdrawn dialogue counts not at all."""
        standing = (held for dialogue, held in self.held.items() if dialogue not in self.withdrawn)
        return fold(standing, programme())


def read(events: Iterable[dict[str, Any]]) -> Said:
    """Read community's events, from its outbox or from Kafka."""
    held: dict[str, Held] = {}
    withdrawn: set[str] = set()
    held_events: set[str] = set()
    causes: dict[str, str] = {}
    for event in events:
        data = event["data"]
        match event["type"]:
            case "nl.veerkracht.dialogue.findings-recorded.v1":
                findings = [(f["topic"], f["scores"]) for f in data["findings"]]
                held[data["dialogue"]] = (data["municipality"], data["heldOn"], findings)
            case "nl.veerkracht.dialogue.findings-withdrawn.v1":
                withdrawn.add(data["dialogue"])
            case "nl.veerkracht.dialogue.held.v1":
                held_events.add(event["id"])
            case "nl.veerkracht.newsletter-trigger.raised.v1" if data["reason"] == "dialogue-held":
                causes[event["id"]] = data["cause"]
    return Said(held, frozenset(withdrawn), frozenset(held_events), tuple(causes.values()))


def said_by_community(compose: Compose) -> Said:
    """What community's outbox holds."""
    rows = compose.sql("SELECT id::text AS id, type, convert_from(data, 'UTF8')::json AS data FROM community.outbox")
    return read(rows)


#: Runs in a container beside the brokers: every record of the topics, one line each.
_DUMP = """
import asyncio, os, sys
from aiokafka import AIOKafkaConsumer
async def main():
    servers = os.environ["VEERKRACHT_KAFKA_SERVERS"]
    consumer = AIOKafkaConsumer(*sys.argv[1:], bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    parts = consumer.assignment()
    ends = await consumer.end_offsets(parts)
    while any([await consumer.position(p) < ends[p] for p in parts]):
        for records in (await consumer.getmany(timeout_ms=200)).values():
            for record in records:
                print(record.value.decode())
    await consumer.stop()
asyncio.run(main())
"""


def said_in_kafka(compose: Compose, *topics: str) -> list[bytes]:
    """The value of every record of these topics, duplicates included."""
    out = compose("run", "--rm", "-T", "--no-deps", "--entrypoint", "python", "topics", "-c", _DUMP, *topics)
    return [line.encode() for line in out.splitlines() if line.startswith("{")]


def verdict_of_kafka(compose: Compose) -> str:
    """The same comparison with what Kafka itself keeps, read from the beginning."""
    values = said_in_kafka(compose, "community.dialogue-findings", "community.dialogues", "community.triggers")
    events = [json.loads(value) for value in values]
    said, outbox = read(events), said_by_community(compose)
    facts = attrgetter("held", "withdrawn", "held_events")
    if facts(said) != facts(outbox) or set(said.causes) != set(outbox.causes):
        raise Failed("Kafka and the outbox of community do not say the same")
    if wrong := differences(said.cells(), table(compose)):
        raise Failed(f"recomputed from Kafka and found differ: {wrong}")
    copies = len(events) - len({event["id"] for event in events})
    return f"exact: {len(events)} records, {copies} of them copies"


def table(compose: Compose) -> Cells:
    """What the monitor says."""
    columns = "kind, code, area, period, findings, n, sum, sum_squares, histogram, respondents"
    return {
        (r["kind"], r["code"], r["area"], r["period"]): [
            r["findings"], r["n"], r["sum"], r["sum_squares"], *r["histogram"], r["respondents"],
        ]
        for r in compose.sql(f"SELECT {columns} FROM monitor.aggregate")
    }  # fmt: skip


def differences(wanted: Cells, found: Cells) -> list[tuple[Cell, list[int] | None, list[int] | None]]:
    """The first cells that differ: recomputed, found."""
    cells = sorted(cell for cell in wanted.keys() | found.keys() if wanted.get(cell) != found.get(cell))
    return [(cell, wanted.get(cell), found.get(cell)) for cell in cells[:5]]


@dataclass(frozen=True)
class Flow:
    """How far every event is."""

    said: int
    unsent: int
    public_said: int
    in_feed: int
    gaps: int
    dead_letters: int

    @property
    def quiet(self) -> bool:
        """Everything said is sent, and everything public stands in the feed."""
        return self.unsent == 0 and self.public_said == self.in_feed and self.gaps == 0


def flow(compose: Compose) -> Flow:
    """Count in the outboxes and the feed."""
    said = " UNION ALL ".join(f"SELECT stream FROM {service}.outbox" for service in SERVICES)
    unsent = " + ".join(f"(SELECT count(*) FROM {service}.unsent)" for service in SERVICES)
    # Goals that wait to be judged may make more.
    unsent += " + (SELECT count(*) FROM monitor.goal_moved)"
    dead = " + ".join(f"(SELECT count(*) FROM {service}.dead_letter)" for service in SERVICES)
    (row,) = compose.sql(
        f"""SELECT count(*) AS said, {unsent} AS unsent,
            count(*) FILTER (WHERE stream NOT LIKE '%-internal') AS public_said,
            (SELECT count(*) FROM feeds.event) AS in_feed,
            (SELECT count(*) FROM feeds.source WHERE contiguous <> highest OR events <> highest) AS gaps,
            {dead} AS dead_letters FROM ({said}) AS outbox"""
    )
    return Flow(**row)


def set_aside(compose: Compose) -> int:
    """Dead letters: waiting longer would change nothing."""
    return flow(compose).dead_letters


def settle(compose: Compose, seconds: float = 180) -> Flow:
    """Wait until no event is under way: quiet, and the same when looked at again."""
    seen: list[Flow] = []

    def twice_the_same(now: Flow) -> bool:
        seen.append(now)
        return now.quiet and seen[-2:] == [now, now]

    return until(lambda: flow(compose), twice_the_same, seconds, every=1.0)


def verdict(compose: Compose, accepted: Mapping[str, Dialogue]) -> str:
    """Compare what was accepted, said, folded, told and fed on, one by one; raises Failed, else says what was found."""
    said = said_by_community(compose)
    for id_, dialogue in accepted.items():
        if said.held.get(id_) != (dialogue.municipality, dialogue.held_on, dialogue.findings):
            raise Failed(f"dialogue {id_} was accepted as {dialogue}, the outbox has {said.held.get(id_)}")
        if dialogue.withdrawn != (id_ in said.withdrawn):
            raise Failed(f"dialogue {id_}: accepted {dialogue}, withdrawn in the outbox: {id_ in said.withdrawn}")
    wanted = said.cells()
    until(
        lambda: differences(wanted, table(compose)), lambda wrong: not wrong or set_aside(compose) > 0, 120, every=1.0
    )
    if dead := set_aside(compose):
        raise Failed(f"{dead} dead letters")
    flowed = settle(compose)
    found = table(compose)
    if wrong := differences(wanted, found):
        raise Failed(f"recomputed and found differ: {wrong}")
    causes = said_by_community(compose).causes
    if len(causes) != len(set(causes)) or set(causes) != said.held_events:
        raise Failed(f"{len(said.held_events)} dialogues held, {len(causes)} triggers for {len(set(causes))} of them")
    return f"exact: {len(said.held)} dialogues, {len(found)} cells, {flowed.said} events"
