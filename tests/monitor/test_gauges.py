"""What an operator watches is what Postgres has."""

from datetime import UTC, datetime, timedelta

from prometheus_client import REGISTRY

from services.monitor import gauges
from shared.database import Connection


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_gauges_say_how_many_imports_publications_and_waiting_units_there_are(monitor: Connection) -> None:
    # Not when the tests were read: what is silent for half a minute is taken for interrupted.
    now = datetime.now(UTC)
    silent = now - timedelta(minutes=1)
    for id_, state, seen in [
        ("a", "accepted", silent),
        ("b", "refused", silent),
        ("c", "reading", now),
        ("d", "reading", silent),
    ]:
        await monitor.execute(
            "INSERT INTO observation_upload (id, sha256, file_name, good_rows, state, size, started_at, seen_at) "
            "VALUES ($1, $1, $1, false, $2, 1, $3, $3)",
            id_,
            state,
            seen,
        )
    await monitor.execute(
        "INSERT INTO unit VALUES ('dialogue/d', 0, 'verbondenheid', 'dialogue', 'GM0794', '2026-11', "
        "3, 3, 9000000, 0, 0, 0, 0, '{}', 'e', NULL)"
    )
    await gauges.measure(monitor)
    found = {
        state: value("veerkracht_observation_imports", state=state)
        for state in ("reading", "accepted", "refused", "failed", "interrupted")
    }
    assert found == {"reading": 1, "accepted": 1, "refused": 1, "failed": 0, "interrupted": 1}
    assert value("veerkracht_publications") == await monitor.fetchval("SELECT number FROM publication_head")
    assert value("veerkracht_observation_steps_pending") == 0
    assert value("veerkracht_units_waiting", source="dialogue") == 1
    assert value("veerkracht_units_waiting", source="ggd") == 0
