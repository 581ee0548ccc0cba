"""The outbox: in order, in the command's own transaction."""

import pytest

from shared import outbox
from shared.database import Connection
from shared.outbox import Draft
from shared.outbox.cause import Cause
from shared.refusals import Conflict
from tests.records import NOW, findings

from .samples import TRACE, area

CAUSE = Cause(NOW, "test", TRACE, "an-event")


async def test_events_are_stored_in_the_order_given(monitor_connection: Connection) -> None:
    await outbox.append(monitor_connection, [Draft(area(f"a{i}"), CAUSE) for i in range(50)])
    rows = await monitor_connection.fetch("SELECT key FROM outbox ORDER BY position")
    assert [row["key"] for row in rows] == [f"a{i}" for i in range(50)]


async def test_an_event_carries_its_cause_and_continues_its_trace(monitor_connection: Connection) -> None:
    await outbox.append(monitor_connection, [Draft(area("a"), CAUSE)])
    row = await monitor_connection.fetchrow("SELECT * FROM outbox")
    assert row is not None
    assert (row["correlation_id"], row["causation_id"], row["time"]) == ("test", "an-event", NOW)
    assert row["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert row["traceparent"] != CAUSE.traceparent


async def test_what_rolls_back_was_never_said(monitor_connection: Connection) -> None:
    transaction = monitor_connection.transaction()
    await transaction.start()
    await outbox.append(monitor_connection, [Draft(area("a"), CAUSE)])
    await transaction.rollback()
    assert await monitor_connection.fetchval("SELECT count(*) FROM outbox") == 0


async def test_internal_events_count_in_their_own_stream(monitor_connection: Connection) -> None:
    await outbox.append(monitor_connection, [Draft(findings("d"), CAUSE), Draft(area("a"), CAUSE)])
    rows = await monitor_connection.fetch("SELECT stream FROM outbox ORDER BY position")
    assert [row["stream"] for row in rows] == ["community-internal", "monitor"]


async def test_a_repeat_is_told_from_another_use_of_the_id(monitor_connection: Connection) -> None:
    assert not await outbox.is_repeat(monitor_connection, area("a"))
    await outbox.append(monitor_connection, [Draft(area("a"), CAUSE)])
    assert await outbox.is_repeat(monitor_connection, area("a"))
    with pytest.raises(Conflict, match="a is al iets anders"):
        await outbox.is_repeat(monitor_connection, area("a", "Deurne"))
