"""A service stands everywhere where services are named: in the stack, the images, Compose, the proxy and Prometheus."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from deploy import local
from deploy.docker import prepare

ROOT = Path(__file__).parent.parent
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__main__.py"))


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_stack_and_the_secrets_have_every_service_in_one_order() -> None:
    assert sorted(local.SERVICES) == SERVICES
    assert prepare.SERVICES == local.SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_has_its_service_and_what_all_share(service: str) -> None:
    stage = re.search(
        rf"^FROM runtime AS {service}\n((?:(?!FROM).*\n)*)", text("deploy/docker/Dockerfile"), re.MULTILINE
    )
    assert stage is not None
    assert f"COPY services/{service} /app/services/{service}\n" in stage[1]
    assert f'ENTRYPOINT ["python", "-m", "services.{service}"]' in stage[1]
    assert set(re.findall(r"COPY services/(\w+) ", stage[1])) == {service}


@pytest.mark.parametrize("service", SERVICES)
def test_compose_migrates_and_runs_its_processes(service: str) -> None:
    compose = text("docker-compose.yml")
    for process in ("migrate", "api", "relay", "stream"):
        assert re.search(rf"^  {service}-{process}:", compose, re.MULTILINE), process
    assert re.search(rf"^    {service}-migrate: \*done$", compose, re.MULTILINE), "others wait for its schema"
    assert f"{service}-secrets:/handed/{service}" in compose
    assert re.search(rf"\b{service}-secrets: ", compose), "the volume of its secrets"
    assert f"{service}-api: *healthy" in compose, "the proxy waits for it"


@pytest.mark.parametrize("service", SERVICES)
def test_the_proxy_sends_it_what_starts_with_its_segments(service: str) -> None:
    routes = re.findall(r"^\s+~\^/\(?([\w|-]+)\)?\(/\|\$\)\s+(\w+);", text("deploy/proxy/nginx.conf"), re.MULTILINE)
    owner = {segment: name for segments, name in routes for segment in segments.split("|")}
    default = re.findall(r"^\s+default\s+(\w+);", text("deploy/proxy/nginx.conf"), re.MULTILINE)[0]
    assert routes
    for prefix in import_module(f"services.{service}").PREFIXES:
        assert owner.get(prefix.removeprefix("/"), default) == service, prefix


@pytest.mark.parametrize("service", SERVICES)
def test_prometheus_asks_its_processes(service: str) -> None:
    asked = set(
        re.findall(r"[\w-]+", " ".join(re.findall(r"names: \[(.*?)\]", text("deploy/prometheus/prometheus.yml"))))
    )
    assert {f"{service}-{process}" for process in ("api", "relay", "stream")} <= asked


def test_the_pulse_runs_where_its_service_does() -> None:
    assert re.search(r"^  community-pulse: .*command: \[pulse\]", text("docker-compose.yml"), re.MULTILINE)
    cluster = re.findall(r"^  (\w+-\w+): \{environment: \*servers\}", text("deploy/compose.cluster.yml"), re.MULTILINE)
    assert {"community-pulse"} | {f"{s}-{p}" for s in SERVICES for p in ("api", "relay", "stream")} == set(cluster)
    assert "community-pulse]" in text("deploy/prometheus/prometheus.yml")
    answering = re.findall(r"== 1\)\) or vector\(0\)\) < (\d+)", text("deploy/prometheus/alerts.yml"))
    assert answering == [str(len(cluster))]


@pytest.mark.parametrize("service", SERVICES)
def test_it_has_the_names_that_every_service_has(service: str) -> None:
    app = import_module(f"services.{service}.app")
    assert callable(app.create_app) and callable(app.projections)
    assert [path.name for path in sorted((ROOT / "services" / service / "migrations").glob("0001_*.sql"))]
    assert f"| `{service}` |" in text("README.md")
