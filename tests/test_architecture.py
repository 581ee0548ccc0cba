"""The direction of imports: one service knows nothing of another, and shared knows of none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__init__.py"))

#: Lowest first: a module may import from its own row and those before it, never after.
LAYERS = ("domain", "store", "handlers", "api", "routes")
#: What a domain may import of ours beside other pure modules of its service.
_PURE = ("shared.contracts", "shared.refusals", "shared.web.dutch")


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


def named(module: str) -> Path | None:
    """The file of one of our modules; None when a name is something else."""
    path = ROOT.joinpath(*module.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()), None)


def impure(path: Path, service: str, seen: set[Path]) -> Iterator[str]:
    """What a module imports of ours that is not pure, by itself or by what it imports of its service."""
    seen.add(path)
    for name in imports(path):
        own = named(name) if name.startswith(f"services.{service}.") else None
        if own is not None and own not in seen:
            yield from impure(own, service, seen)
        elif own is None and named(name) and not name.startswith(_PURE) and not _above_pure(name):
            yield f"{path.relative_to(ROOT)}: {name}"


def _above_pure(name: str) -> bool:
    """Whether a package is only named on the way to something pure."""
    return any(pure.startswith(f"{name}.") for pure in _PURE)


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_imports_the_standard_library_contracts_and_what_is_as_pure(service: str) -> None:
    domains = list((ROOT / "services" / service).rglob("domain.py"))
    if not domains:
        pytest.skip(f"{service} decides nothing")
    theirs = {"asyncpg", "fastapi", "pydantic", "aiokafka", "faust", "msgspec", "structlog"}
    for path in domains:
        assert list(impure(path, service, set())) == [], path
        assert [name for name in imports(path) if name.split(".")[0] in theirs] == [], path


@pytest.mark.parametrize("service", SERVICES)
def test_imports_point_down_within_a_capability(service: str) -> None:
    for depth, layer in enumerate(LAYERS):
        for path in (ROOT / "services" / service).rglob(f"{layer}.py"):
            folder = ".".join(path.relative_to(ROOT).parent.parts)
            above = [f"{folder}.{name}" for name in LAYERS[depth + 1 :]]
            assert foreign(imports(path), *above) == [], path


@pytest.mark.parametrize("service", SERVICES)
def test_named_queries_have_one_caller_which_stands_beside_them(service: str) -> None:
    folder = ROOT / "services" / service
    for sql in folder.rglob("*.sql"):
        if sql.parent.name == "migrations":
            continue
        callers = [path for path in modules(sql.parent) if f'"{sql.name}"' in path.read_text(encoding="utf-8")]
        assert len(callers) == 1, (sql, callers)


def test_no_service_names_another_ones_schema() -> None:
    for service in SERVICES:
        for path in (ROOT / "services" / service).rglob("*.sql"):
            text = path.read_text(encoding="utf-8")
            for other in SERVICES:
                if other != service:
                    for table in ("outbox", "watermark", "directory"):
                        assert f"{other}.{table}" not in text, path


MONITOR = ROOT / "services" / "monitor"
_QUERIES = re.compile(r"\bqueries\(Path\(")
#: What the monitor knows exactly. Whatever is shown is read from what is published.
_EXACT = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:\w+\.)?(?:aggregate|contribution|dialogue|unit)\b")


def capability(path: Path) -> str:
    """The folder of a module of the monitor; empty for the service itself."""
    return path.parent.relative_to(MONITOR).as_posix().removeprefix(".")


def test_no_capability_of_the_monitor_uses_anothers_store() -> None:
    stores = [path for path in MONITOR.rglob("*.py") if _QUERIES.search(path.read_text(encoding="utf-8"))]
    assert len(stores) > 10
    for store in stores:
        module = ".".join(store.relative_to(ROOT).with_suffix("").parts)
        if store.name != "store.py":
            # A reader that its capability offers says so.
            assert "offered to neighbours" in store.read_text(encoding="utf-8").split('"""')[1].lower(), store
            continue
        users = {capability(path) for path in modules(MONITOR) if foreign(imports(path), module)}
        assert users <= {capability(store)}, store


def test_exact_figures_are_read_by_dialogues_and_by_publication_only() -> None:
    sources = [
        path for path in MONITOR.rglob("*") if path.suffix in (".py", ".sql") and path.parent.name != "migrations"
    ]
    naming = {capability(path) for path in sources if _EXACT.search(path.read_text(encoding="utf-8"))}
    assert naming == {"dialogues", "publication"}
    users = {path.name for path in modules(MONITOR) if foreign(imports(path), "services.monitor.dialogues.store")}
    assert users == {"handlers.py", "projection.py", "jobs.py"}


def test_routes_of_the_monitor_know_only_what_is_public() -> None:
    exact = ["services.monitor.dialogues.store", "services.monitor.dialogues.units"]
    exact += [f"services.monitor.publication.{name}" for name in ("domain", "handlers", "store")]
    routes = [path for path in modules(MONITOR) if "APIRouter(" in path.read_text(encoding="utf-8")]
    assert len(routes) > 15
    for path in routes:
        text = path.read_text(encoding="utf-8")
        assert foreign(imports(path), *exact) == [], path
        assert not re.search(r"\bqueries\(|\.(?:fetch|fetchrow|fetchval|execute|cursor)\(", text), (
            f"{path} asks Postgres"
        )


def test_what_waits_is_named_by_publication_and_rebuilding_and_counted_for_operators() -> None:
    def naming(text: str) -> set[str]:
        found = (path for path in modules(MONITOR) if text in path.read_text(encoding="utf-8"))
        return {path.relative_to(MONITOR).as_posix() for path in found}

    assert naming('"publication.sql"') == {"publication/store.py"}
    assert naming("astray") == {"dialogues/store.py", "dialogues/jobs.py"}
    assert naming("count_waiting") == {"publication/store.py", "publication/handlers.py", "gauges.py"}
    # Whoever makes something public without telling it stands in publication.
    assert naming("release(") == {"publication/handlers.py"}
    # Small observations stand among the others; whoever reads more than `public_line` has seen to it.
    stored = re.compile(r"\b(?:FROM|JOIN)\s+observation\b")
    found = {path.name for path in MONITOR.rglob("*.sql") if stored.search(path.read_text(encoding="utf-8"))}
    assert {name for name in found if not name[:4].isdecimal()} == {"observations.sql"}


def test_every_fast_path_says_which_benchmark_row_it_buys() -> None:
    """By name: a row that is no longer measured buys nothing."""
    rows = (ROOT / "deploy" / "bench" / "RESULTS.md").read_text(encoding="utf-8")
    said = [
        line
        for path in MONITOR.rglob("*")
        if path.suffix in (".py", ".sql")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "Fast path" in line
    ]
    assert len(said) > 5
    for line in said:
        assert (named_rows := re.findall(r"`([^`]+)`", line)), line
        assert [row for row in named_rows if f"| {row}" not in rows] == [], line


def test_a_check_here_can_fail() -> None:
    """Negative control: the reader of imports sees a forbidden one, that of SQL an exact table."""
    assert _EXACT.search("SELECT n FROM aggregate") and not _EXACT.search("SELECT n FROM published")
    assert list(impure(MONITOR / "publication" / "threshold.py", "monitor", set())), "settings are not pure"
    names = iter(["services.finance.store", "shared.outbox"])
    assert foreign(names, "services.finance") == ["services.finance.store"]
