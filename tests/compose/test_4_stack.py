"""The stack as it stands: health, separation, topics, limits, what Prometheus sees and what Grafana shows."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from services.monitor.observations.file.layout import COLUMNS

from ..load import Load
from .conftest import tell
from .engine import PROCESSES, SERVICES, Compose, Failed, run, until
from .recompute import verdict

pytestmark = pytest.mark.timeout(900)
GIB = 1024**3


def test_every_health_check_made_a_real_call(stack: Compose) -> None:
    seen = json.loads(run(["docker", "inspect", *stack("ps", "-q").split()]))
    assert {c["Config"]["Labels"]["com.docker.compose.service"] for c in seen} >= {
        *PROCESSES, "kafka", "postgres", "proxy", "prometheus", "node",
    }  # fmt: skip
    for container in seen:
        service = container["Config"]["Labels"]["com.docker.compose.service"]
        health = container["State"]["Health"]
        assert health["Status"] == "healthy", service
        if service in PROCESSES:
            assert "readyz: 200" in health["Log"][-1]["Output"], service


def test_what_we_wrote_has_no_rights_and_a_limit_on_everything(stack: Compose) -> None:
    for container in json.loads(run(["docker", "inspect", *stack("ps", "-q").split()])):
        service, host = container["Config"]["Labels"]["com.docker.compose.service"], container["HostConfig"]
        assert host["RestartPolicy"]["Name"] == "unless-stopped", service
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}, service
        assert host["Memory"], service
        assert host["NanoCpus"], service
        if service in PROCESSES:
            assert host["ReadonlyRootfs"], service
            assert host["CapDrop"] == ["ALL"], service
            assert "no-new-privileges:true" in host["SecurityOpt"], service
    published = {b["HostIp"] for c in stack.containers() for b in _bindings(c.id)}
    assert published == {"127.0.0.1"}


def _bindings(id_: str) -> list[dict[str, str]]:
    ports = json.loads(run(["docker", "inspect", "-f", "{{json .NetworkSettings.Ports}}", id_])) or {}
    return [binding for bound in ports.values() for binding in bound or []]


def test_all_memory_limits_together_fit_the_machine(stack: Compose) -> None:
    services = json.loads(stack("config", "--format", "json"))["services"]
    lasting = {name: int(s["mem_limit"]) for name, s in services.items() if s.get("restart") == "unless-stopped"}
    tell("memory limits", "all containers together", f"{sum(lasting.values()) / GIB:.1f} GiB of 8")
    assert sum(lasting.values()) <= 8 * GIB


_PROBE = """
import asyncio, sys
from shared.database import connect
from shared.runtime.settings import Settings
async def main():
    own, *others = sys.argv[1:]
    connection = await connect(own, Settings.load())
    print("own", await connection.fetchval(f"SELECT count(*) >= 0 FROM {own}.outbox"))
    for other in others:
        for statement in (f"SELECT * FROM {other}.outbox", f"SELECT * FROM {other}.migration",
                          f"INSERT INTO {other}.claim VALUES ('a', 'b')", f"CREATE TABLE {other}.mine (a int)",
                          f"SET ROLE veerkracht_{other}", "CREATE TABLE public.mine (a int)"):
            try:
                await connection.execute(statement)
            except Exception as error:
                print("refused", type(error).__name__)
            else:
                print("DONE", statement)
asyncio.run(main())
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_read_another_ones_schema(stack: Compose, service: str) -> None:
    others = [other for other in SERVICES if other != service]
    said = stack("exec", "-T", f"{service}-api", "python", "-c", _PROBE, service, *others).splitlines()
    assert said == ["own True", *["refused InsufficientPrivilegeError"] * 6 * len(others)]


def test_topics_are_made_once_and_never_shrink(stack: Compose, tmp_path: Path) -> None:
    smaller = tmp_path / "topics.toml"
    file = stack.root / "shared" / "contracts" / "topics.toml"
    smaller.write_text(file.read_text("utf-8").replace("partitions = 4", "partitions = 2"), "utf-8")
    mount = f"{smaller}:/app/shared/contracts/topics.toml:ro"
    with pytest.raises(Failed, match="a topic cannot shrink"):
        stack("run", "--rm", "-T", "--no-deps", "-v", mount, "topics")
    assert "all topics are as topics.toml says" in stack("run", "--rm", "-T", "--no-deps", "topics")


def test_the_proxy_passes_what_matters(stack: Compose) -> None:
    trace, correlation = f"00-{uuid4().hex}-{uuid4().hex[:16]}-01", str(uuid4())
    headers = {"traceparent": trace, "X-Correlation-Id": correlation}
    answer = httpx2.get(f"{stack.url}/monitor/v1/areas", headers=headers)
    assert answer.headers["X-Correlation-Id"] == correlation
    large = httpx2.post(f"{stack.url}/monitor/v1/areas", content=b"x" * 1_100_000)
    # Who sends no token hears so, however much comes.
    assert (large.status_code, large.headers["content-type"]) == (401, "application/problem+json")
    with httpx2.stream("GET", f"{stack.url}/feeds/v1/stream", headers={"Last-Event-ID": "0"}, timeout=5) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert next(stream.iter_lines()) == ": welcome"


def test_metrics_are_not_for_the_public(stack: Compose) -> None:
    answer = httpx2.get(f"{stack.url}/monitor/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_file_larger_than_what_may_be_in_memory_is_taken_in(stack: Compose) -> None:
    """Lines without content: it is read to its end, and refused for having no rows."""
    header = ",".join(COLUMNS)
    content = f"{header}\n".encode() + (b"," * 60_000 + b"\n") * 1_500
    token = {"Authorization": f"Bearer {stack.tokens()['programme']}"}
    offered = httpx2.post(
        f"{stack.url}/monitor/v1/observations?bestandsnaam=leeg.csv", content=content, headers=token, timeout=120
    )
    assert offered.status_code == 202, offered.text
    path = f"{stack.url}{offered.headers['location']}"
    found = until(lambda: httpx2.get(path, headers=token).json(), lambda found: found["state"] != "reading", 120)
    assert (found["state"], found["bytesTotal"], found["errors"][0]["reason"]) == (
        "refused",
        len(content),
        "Onder de kolommen staat geen enkele regel.",
    )


def ask(stack: Compose, path: str, **parameters: str) -> Any:
    answer = httpx2.get(f"http://127.0.0.1:{stack.prometheus_port}/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_prometheus_scrapes_every_process_and_has_every_rule(stack: Compose) -> None:
    def ill() -> list[str]:
        targets = ask(stack, "targets", state="active")["activeTargets"]
        up = {t["labels"].get("container", t["labels"]["job"]) for t in targets if t["health"] == "up"}
        return sorted({*PROCESSES, "node", "prometheus"} - up) + [t["lastError"] for t in targets if t["lastError"]]

    until(ill, lambda found: not found, 90)
    (group,) = ask(stack, "rules")["groups"]
    assert {rule["health"] for rule in group["rules"]} <= {"ok", "unknown"}
    handbook = (stack.root / "deploy" / "README.md").read_text("utf-8")
    for rule in group["rules"]:
        assert f"\n### {rule['name']}\n" in handbook, "a line in the handbook for each alert"
        assert rule["annotations"]["runbook"] == f"deploy/README.md#{rule['name'].lower()}"


def test_every_query_of_every_dashboard_returns_data(stack: Compose, load: Load) -> None:
    boards = sorted((stack.root / "deploy" / "grafana" / "dashboards").glob("*.json"))
    assert [board.stem for board in boards] == ["flow", "glance", "http"]
    panels = [(b.stem, p["title"], t["expr"]) for b in boards for p in json.loads(b.read_text("utf-8"))["panels"]
              for t in p["targets"]]  # fmt: skip

    def empty() -> list[tuple[str, str, str]]:
        return [panel for panel in panels if not _has_data(ask(stack, "query", query=panel[2])["result"])]

    with load.running(), httpx2.stream("GET", f"{stack.url}/feeds/v1/stream", timeout=30):
        load.wait_for(60)
        until(empty, lambda found: not found, 90, every=2.0)
        _tell_memory(stack)
    tell("dashboards", f"{len(panels)} queries of {len(boards)} dashboards", "all return data")
    tell("recomputation", "load alone", "-", verdict(stack, load.accepted))


def _has_data(result: list[dict[str, Any]]) -> bool:
    return any(row["value"][1] not in ("NaN", "+Inf", "-Inf") for row in result)


def _tell_memory(stack: Compose) -> None:
    lines = run(["docker", "stats", "--no-stream", "--format", "{{.Name}}|{{.MemUsage}}|{{.CPUPerc}}",
                 *stack("ps", "-q").split()]).splitlines()  # fmt: skip
    for line in sorted(lines):
        name, memory, cpu = line.split("|")
        tell("memory under load", name.removeprefix(f"{stack.name}-").removesuffix("-1"), memory, cpu)
