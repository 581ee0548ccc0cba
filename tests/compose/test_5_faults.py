"""Scaled, restarted, stopped and killed under load: each time the exact recomputed state, without a hand's help."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import httpx2
import pytest

from ..load import Load
from .conftest import tell
from .engine import PROCESSES, Compose, run, until
from .recompute import differences, said_by_community, table, verdict, verdict_of_kafka

pytestmark = pytest.mark.timeout(1200)
#: Dialogues accepted before the fault and after it.
BEFORE, AFTER = 10, 20


@contextmanager
def under_load(stack: Compose, load: Load, what: str) -> Iterator[None]:
    """Load before, during and after; then everything must be well and exact."""
    load.retries.clear()
    load.longest_wait, began = 0.0, monotonic()
    with load.running():
        load.wait_for(BEFORE)
        yield
        load.wait_for(AFTER, seconds=180)
    stack.wait_well(*PROCESSES, "kafka", "postgres", "proxy")
    found = verdict(stack, load.accepted)
    retried = ", ".join(f"{said} {times}x" for said, times in load.retries.items()) or "no retries"
    tell(
        "recomputation", what, f"{retried}; longest wait {load.longest_wait:.1f} s of {monotonic() - began:.0f}", found
    )


def test_three_workers_share_the_monitors_partitions(stack: Compose, load: Load) -> None:
    with under_load(stack, load, "--scale monitor-stream=3, and back to 1"):
        stack.up("--no-recreate", "--scale", "monitor-stream=3")
        assert len(stack.containers("monitor-stream")) == 3
        query = (
            'count(sum by (instance) (veerkracht_events_projected_total{service="monitor",projection="figures"}) > 0)'
        )

        def working() -> int:
            url = f"http://127.0.0.1:{stack.prometheus_port}/api/v1/query"
            result = httpx2.get(url, params={"query": query}).json()["data"]["result"]
            return int(result[0]["value"][1]) if result else 0

        until(working, lambda workers: workers >= 2, 90, every=1.0)
        load.wait_for(AFTER)
        stack("up", "-d", "--no-recreate", "--no-deps", "--scale", "monitor-stream=1", "monitor-stream")


@pytest.mark.parametrize("service", ["kafka", "postgres"])
def test_what_they_stand_on_restarts(stack: Compose, load: Load, service: str) -> None:
    with under_load(stack, load, f"docker compose restart {service}"):
        stack("restart", service)


@pytest.mark.parametrize("service", ["community-api", "community-relay", "monitor-stream", "feeds-stream"])
def test_term_ends_a_container_in_ten_seconds(stack: Compose, load: Load, service: str) -> None:
    with under_load(stack, load, f"docker compose stop {service}"):
        began = monotonic()
        stack("stop", service)
        seconds = monotonic() - began
        stopped = stack.container(service)
        stack("start", service)
    tell("TERM", service, f"{seconds:.1f} s", f"exit code {stopped.exit_code}")
    assert seconds < 10
    assert stopped.exit_code in (0, 143), "ended by itself, not by KILL"


@pytest.mark.parametrize("service", [*PROCESSES, "proxy", "prometheus", "node", "kafka", "postgres"])
def test_a_killed_container_comes_back_by_itself(stack: Compose, load: Load, service: str) -> None:
    before = stack.container(service)
    with under_load(stack, load, f"KILL {service}"):
        stack.crash(before)
        until(lambda: stack.container(service), lambda c: c.started != before.started and c.running, 30)
    after = stack.container(service)
    assert after.restarts == before.restarts + 1
    stack.wait_well(service)


def test_an_operators_kill_is_a_stop_that_loses_nothing(stack: Compose, load: Load) -> None:
    """`docker compose kill` counts as a wish to stop: the handbook says how to start again."""
    with under_load(stack, load, "docker compose kill -s KILL monitor-stream, then start"):
        stack("kill", "-s", "KILL", "monitor-stream")
        stack("start", "monitor-stream")


def test_kafka_itself_says_the_same(stack: Compose) -> None:
    tell("recomputation", "everything above, read from Kafka", "-", verdict_of_kafka(stack))


def test_down_and_up_keep_everything(stack: Compose, load: Load) -> None:
    before = table(stack)
    stack("down")
    assert stack.containers() == []
    stack.up()
    assert table(stack) == before
    with load.running():
        load.wait_for(BEFORE)
    tell("recomputation", "down, then up", "-", verdict(stack, load.accepted))


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE monitor.aggregate SET n = n + 1 WHERE kind = 'theme' AND level = 'province'",
        "DELETE FROM monitor.aggregate WHERE level = 'municipality'",
    ],
)
def test_the_recomputation_notices_a_harmed_figure(stack: Compose, harm: str) -> None:
    """Negative control: it would see one event counted twice, or lost."""
    wanted = said_by_community(stack).cells()
    assert differences(wanted, table(stack)) == []
    kept = "CREATE TABLE monitor.kept AS TABLE monitor.aggregate"
    restore = "TRUNCATE monitor.aggregate; INSERT INTO monitor.aggregate TABLE monitor.kept; DROP TABLE monitor.kept"
    stack.execute(f"{kept}; {harm}")
    assert differences(wanted, table(stack)) != []
    stack.execute(restore)
    assert differences(wanted, table(stack)) == []


def test_down_v_is_what_forgets(stack: Compose) -> None:
    def volumes() -> list[str]:
        label = f"label=com.docker.compose.project={stack.name}"
        return run(["docker", "volume", "ls", "-q", "--filter", label]).split()

    assert {"postgres", "kafka"} <= {name.removeprefix(f"{stack.name}_") for name in volumes()}
    stack("--profile", "*", "down", "-v")
    assert volumes() == []
