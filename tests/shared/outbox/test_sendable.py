"""What is accepted can be sent: an event is held to its size and form where it is made, and again by the table."""

from dataclasses import replace
from datetime import datetime

import asyncpg
import msgspec
import pytest

from shared import outbox
from shared.contracts import CONTRACTS, CloudEvent, Contract, schema_path, source
from shared.contracts.catalogue import CATALOGUE
from shared.contracts.monitor import AggregateMoved
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.outbox.store import LARGEST_DATA, row_of
from shared.projections.decoding import Batch
from shared.projections.projector import Projection
from shared.projections.watermarks import Partition
from shared.refusals import Invalid
from tests.records import NOW, apply_run, cloud_event, findings, run

from .samples import TRACE, area

CAUSE = Cause(NOW, "test", TRACE, "an-event")
HERE = Partition("community.dialogue-findings", 0)
#: As partners were told.
MOST = 65_536


def grown(size: int) -> Contract:
    """An event whose data is so large."""
    empty = len(msgspec.json.encode(area("a", "")))
    return area("a", "x" * (size - empty))


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_an_event_of_any_type_that_is_too_large_is_refused_beside_its_largest_field(contract: type[Contract]) -> None:
    example = CATALOGUE[contract.type].example()
    assert row_of(example, CAUSE)
    for name, told in zip(contract.__struct_fields__, contract.__struct_encode_fields__, strict=True):
        with pytest.raises(Invalid, match="kort het in") as refused:
            row_of(msgspec.structs.replace(example, **{name: "x" * MOST}), CAUSE)
        assert (refused.value.code, refused.value.pointer) == ("event-too-large", f"#/{told}")


def test_what_just_fits_is_with_the_longest_envelope_what_partners_were_told() -> None:
    *_, data, _ = row_of(grown(LARGEST_DATA), CAUSE)
    assert isinstance(data, bytes)
    with pytest.raises(Invalid):
        row_of(grown(LARGEST_DATA + 1), CAUSE)
    longest = max(CONTRACTS, key=len)
    key, uuid = "k" * 500, "0" * 36
    event = CloudEvent(
        id=uuid,
        source=source("0" * 20, "community-internal"),
        type=longest,
        subject=f"{'s' * 40}/{key}",
        time=NOW.replace(microsecond=123456),
        dataschema="https://" + "h" * 200 + schema_path(longest),
        partitionkey=key,
        sequence=str(2**63),
        correlationid="c" * 64,
        causationid=uuid,
        traceparent=TRACE,
        data=msgspec.Raw(data),
    )
    assert LARGEST_DATA < len(msgspec.json.encode(event)) <= MOST


@pytest.mark.parametrize("mean", [float("nan"), float("inf")])
def test_an_event_that_would_be_read_as_another_is_not_accepted(mean: float) -> None:
    moved = CATALOGUE[AggregateMoved.type].example()
    with pytest.raises(ValueError, match="not itself when it is read"):
        row_of(msgspec.structs.replace(moved, mean=mean), CAUSE)


async def test_nothing_of_what_is_too_large_is_stored(monitor_connection: Connection) -> None:
    with pytest.raises(Invalid):
        await outbox.append(monitor_connection, [Draft(area("b"), CAUSE), Draft(grown(MOST), CAUSE)])
    assert await monitor_connection.fetchval("SELECT count(*) FROM outbox") == 0
    await outbox.append(monitor_connection, [Draft(grown(LARGEST_DATA), CAUSE)])
    assert await monitor_connection.fetchval("SELECT octet_length(data) FROM outbox") == LARGEST_DATA


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("data", b'{"a":'),
        ("data", b"[]"),
        ("data", b""),
        ("data", b"\xff{}"),
        ("data", b'{"a":"' + b"x" * MOST + b'"}'),
        ("key", "k" * 501),
    ],
)
async def test_the_table_takes_no_row_that_cannot_be_sent_whoever_appends(
    monitor_connection: Connection, column: str, value: bytes | str
) -> None:
    await outbox.append(monitor_connection, [Draft(area("a"), CAUSE)])
    copied = ("stream", "topic", "key", "type", "subject", "time", "correlation_id", "traceparent", "data", "slot")
    values = ", ".join("$1" if name == column else name for name in copied)
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.DataError)):
        await monitor_connection.execute(
            f"INSERT INTO outbox ({', '.join(copied)}) SELECT {values} FROM outbox",  # noqa: S608 - columns of ours
            value,
        )


async def test_an_event_that_follows_and_is_too_large_costs_the_one_it_follows_from_only(
    monitor_connection: Connection,
) -> None:
    async def follow(connection: Connection, events: Batch, now: datetime) -> None:
        large = [event for event in events if event.id == "e1"]
        drafts = [Draft(grown(MOST if event in large else 500), replace(CAUSE, now=now)) for event in events]
        await outbox.append(connection, drafts)

    records = run(*(cloud_event(findings(f"d{n}"), f"e{n}") for n in range(3)))
    applied = await apply_run(monitor_connection, Projection("follows", (HERE.topic,), follow), HERE, records, NOW)
    assert [event.id for event in applied.folded] == ["e0", "e2"]
    assert [letter.reason.partition(":")[0] for letter in applied.dead_letters] == ["Invalid"]
    assert await monitor_connection.fetchval("SELECT count(*) FROM outbox") == 2
