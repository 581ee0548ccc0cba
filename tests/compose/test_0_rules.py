"""What Prometheus and Grafana read, checked by their own tools before anything starts."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from services.community import metrics as community_metrics
from services.monitor import metrics as monitor_metrics
from shared.contracts import TOPICS
from shared.observability import metrics

from .engine import ROOT, run

pytestmark = pytest.mark.timeout(300)
FOLDER = ROOT / "deploy" / "prometheus"
IMAGE = re.findall(r"image: (prom/prometheus:\S+)", (ROOT / "docker-compose.yml").read_text("utf-8"))[0]


@pytest.mark.parametrize(
    "command", ["check config prometheus.yml", "check rules alerts.yml", "test rules alerts.test.yml"]
)
def test_promtool_agrees(command: str) -> None:
    mount = f"{FOLDER}:/etc/prometheus:ro"
    run(
        [
            "docker",
            "run",
            "--rm",
            "-v",
            mount,
            "-w",
            "/etc/prometheus",
            "--entrypoint",
            "promtool",
            IMAGE,
            *command.split(),
        ]
    )


def test_every_alert_is_unit_tested() -> None:
    alerts = set(re.findall(r"alert: (\w+)", (FOLDER / "alerts.yml").read_text("utf-8")))
    tested = (FOLDER / "alerts.test.yml").read_text("utf-8")
    assert {name for name in alerts if f"alertname: {name}" in tested} == alerts


def known_metrics() -> set[str]:
    every = (*vars(metrics).values(), *vars(community_metrics).values(), *vars(monitor_metrics).values())
    declared = [metric for metric in every if isinstance(metric, MetricWrapperBase)]
    families = {family.name for metric in declared for family in metric.describe()}
    return {f"{family}{end}" for family in families for end in ("", "_total", "_bucket", "_count", "_sum")}


@pytest.mark.parametrize(
    "path", [FOLDER / "alerts.yml", *(ROOT / "deploy" / "grafana" / "dashboards").glob("*.json")], ids=lambda p: p.name
)
def test_queries_name_metrics_and_topics_that_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(re.findall(r"veerkracht_\w+", text)) <= known_metrics()
    named = {topic for found in re.findall(r'topic!?[=~]+\\?"([^"\\]+)', text) for topic in found.split("|")}
    assert named <= set(TOPICS)


def test_the_broker_is_the_one_of_make_demo() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text("utf-8")
    version = re.findall(r"<kafka.version>(.*?)<", pom)[0]
    assert f"apache/kafka:{version}\n" in (ROOT / "docker-compose.yml").read_text("utf-8")


def test_a_dashboard_is_a_dashboard() -> None:
    for path in (ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"):
        board = json.loads(path.read_text("utf-8"))
        assert board["uid"] == path.stem
        assert all(panel["datasource"]["uid"] == "prometheus" and panel["targets"] for panel in board["panels"])
