"""The direction of imports: one service knows nothing of another, and shared knows of none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))

#: Lowest first: a module may import from its own row and those before it, never after.
LAYERS = ("domain", "store", "handlers", "api")


def modules(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*.py")


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, absolute."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def foreign(names: Iterator[str], *forbidden: str) -> list[str]:
    return [name for name in names if any(name == f or name.startswith(f + ".") for f in forbidden)]


def test_there_are_five_services() -> None:
    assert SERVICES == ["community", "feeds", "finance", "initiatives", "monitor"]


@pytest.mark.parametrize("path", list(modules(ROOT / "shared")), ids=lambda path: str(path.relative_to(ROOT)))
def test_shared_imports_no_service(path: Path) -> None:
    assert foreign(imports(path), "services", "deploy", "tests") == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service(service: str) -> None:
    others = [f"services.{other}" for other in SERVICES if other != service]
    for path in modules(ROOT / "services" / service):
        assert foreign(imports(path), *others, "deploy", "tests") == [], path


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_imports_the_standard_library_contracts_and_what_is_as_pure(service: str) -> None:
    path = ROOT / "services" / service / "domain.py"
    if not path.exists():
        pytest.skip(f"{service} decides nothing")
    ours = [name for name in imports(path) if name.split(".")[0] in ("shared", "services")]
    pure = ("shared.contracts", f"services.{service}.periods")
    assert [name for name in ours if not name.startswith(pure)] == []
    theirs = {"asyncpg", "fastapi", "pydantic", "aiokafka", "faust", "msgspec", "structlog"}
    assert [name for name in imports(path) if name.split(".")[0] in theirs] == []


@pytest.mark.parametrize("service", SERVICES)
def test_imports_point_down_within_a_service(service: str) -> None:
    for depth, layer in enumerate(LAYERS):
        path = ROOT / "services" / service / f"{layer}.py"
        if path.exists():
            above = [f"services.{service}.{name}" for name in LAYERS[depth + 1 :]]
            assert foreign(imports(path), *above) == [], path


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_store_reads_the_named_queries(service: str) -> None:
    users = [
        path.name
        for path in modules(ROOT / "services" / service)
        if "queries.sql" in path.read_text(encoding="utf-8").split('"""', 2)[-1]
    ]
    assert users in ([], ["store.py"])


def test_no_service_names_another_ones_schema() -> None:
    for service in SERVICES:
        for path in (ROOT / "services" / service).rglob("*.sql"):
            text = path.read_text(encoding="utf-8")
            for other in SERVICES:
                if other != service:
                    for table in ("outbox", "watermark", "directory"):
                        assert f"{other}.{table}" not in text, path


#: What the monitor knows exactly. Whatever is shown is read from what is published.
_EXACT = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:\w+\.)?(?:aggregate|contribution|dialogue|unit)\b")


def test_exact_figures_are_read_by_the_fold_and_by_publishing_only() -> None:
    monitor = ROOT / "services" / "monitor"
    sources = [
        path for path in monitor.rglob("*") if path.suffix in (".py", ".sql") and path.parent.name != "migrations"
    ]
    naming = {path.name for path in sources if _EXACT.search(path.read_text(encoding="utf-8"))}
    assert naming == {"queries.sql", "publishing.sql", "rebuild.sql"}
    queries = (monitor / "queries.sql").read_text(encoding="utf-8").split("-- name: ")[1:]
    exact = {query.split()[0] for query in queries if _EXACT.search(query)}
    askers = {
        path.name
        for path in modules(monitor)
        if exact & set(re.findall(r"\bQ\.(\w+)", path.read_text(encoding="utf-8")))
    }
    assert askers == {"figures.py"}
    users = {path.name for path in modules(monitor) if foreign(imports(path), "services.monitor.figures")}
    assert users == {"handlers.py", "learning.py", "projections.py", "rebuilding.py"}


def test_routes_of_the_monitor_know_only_what_is_public() -> None:
    monitor = ROOT / "services" / "monitor"
    exact = [f"services.monitor.{name}" for name in ("figures", "units", "release", "publishing")]
    routes = [path for path in modules(monitor) if "APIRouter(" in path.read_text(encoding="utf-8")]
    assert len(routes) > 5
    for path in routes:
        text = path.read_text(encoding="utf-8")
        assert foreign(imports(path), *exact) == [], path
        assert not re.search(r"\bqueries\(|\.(?:fetch|fetchrow|fetchval|execute|cursor)\(", text), (
            f"{path} asks Postgres"
        )


def test_what_waits_is_named_by_publishing_and_rebuilding_and_counted_for_operators() -> None:
    monitor = ROOT / "services" / "monitor"

    def naming(text: str) -> set[str]:
        return {path.name for path in modules(monitor) if text in path.read_text(encoding="utf-8")}

    assert naming('"publishing.sql"') == {"publishing.py"}
    assert naming('"rebuild.sql"') == {"rebuilding.py"}
    assert naming("count_waiting") == {"publishing.py", "gauges.py"}
    # Small observations stand among the others; whoever reads more than `public_line` has seen to it.
    stored = re.compile(r"\b(?:FROM|JOIN)\s+observation\b")
    found = {path.name for path in monitor.rglob("*.sql") if stored.search(path.read_text(encoding="utf-8"))}
    assert {name for name in found if not name[:4].isdecimal()} == {"observations.sql"}


def test_a_check_here_can_fail() -> None:
    """Negative control: the reader of imports sees a forbidden one, that of SQL an exact table."""
    assert _EXACT.search("SELECT n FROM aggregate") and not _EXACT.search("SELECT n FROM published")
    names = iter(["services.finance.store", "shared.outbox"])
    assert foreign(names, "services.finance") == ["services.finance.store"]
