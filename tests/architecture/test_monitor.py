"""What the monitor knows exactly stays apart from what it shows."""

import re
from collections.abc import Iterator
from pathlib import Path

from .code import ROOT, Module, under

MONITOR = ROOT / "services" / "monitor"
_QUERIES = re.compile(r"\bqueries\(Path\(")
#: What the monitor knows exactly. Whatever is shown is read from what is published.
_EXACT = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:\w+\.)?(?:aggregate|contribution|dialogue|unit)\b")


def modules() -> Iterator[Path]:
    yield from MONITOR.rglob("*.py")


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
        users = {capability(path) for path in modules() if under(Module(path).imports(), module)}
        assert users <= {capability(store)}, store


def test_exact_figures_are_read_by_dialogues_and_by_publication_only() -> None:
    sources = [
        path for path in MONITOR.rglob("*") if path.suffix in (".py", ".sql") and path.parent.name != "migrations"
    ]
    naming = {capability(path) for path in sources if _EXACT.search(path.read_text(encoding="utf-8"))}
    assert naming == {"dialogues", "publication"}
    users = {path.name for path in modules() if under(Module(path).imports(), "services.monitor.dialogues.store")}
    assert users == {"handlers.py", "projection.py", "jobs.py"}


def test_routes_of_the_monitor_know_only_what_is_public() -> None:
    exact = ["services.monitor.dialogues.store", "services.monitor.dialogues.units"]
    exact += [f"services.monitor.publication.{name}" for name in ("domain", "handlers", "store")]
    routes = [path for path in modules() if "APIRouter(" in path.read_text(encoding="utf-8")]
    assert len(routes) > 15
    for path in routes:
        text = path.read_text(encoding="utf-8")
        assert under(Module(path).imports(), *exact) == set(), path
        assert not re.search(r"\bqueries\(|\.(?:fetch|fetchrow|fetchval|execute|cursor)\(", text), (
            f"{path} asks Postgres"
        )


def test_what_waits_is_named_by_publication_and_rebuilding_and_counted_for_operators() -> None:
    def naming(text: str) -> set[str]:
        found = (path for path in modules() if text in path.read_text(encoding="utf-8"))
        return {path.relative_to(MONITOR).as_posix() for path in found}

    assert naming('"publication.sql"') == {"publication/store.py"}
    assert naming("astray") == {"dialogues/store.py", "dialogues/jobs.py"}
    assert naming("count_waiting") == {"publication/store.py", "publication/handlers.py", "gauges.py"}
    # Whoever makes something public without telling it stands in publication.
    assert naming("release(") == {"publication/handlers.py"}
    # Small observations stand among the others; whoever reads more than `public_line` has seen to it. The registers ask
    # only whether there are any of an indicator, its version or a method, for who brings them.
    stored = re.compile(r"\b(?:FROM|JOIN)\s+observation\b")
    found = {path.name for path in MONITOR.rglob("*.sql") if stored.search(path.read_text(encoding="utf-8"))}
    assert {name for name in found if not name[:4].isdecimal()} == {
        "observations.sql",
        "indicators.sql",
        "methods.sql",
    }


def test_a_check_here_can_fail() -> None:
    """Negative control: the reader of SQL sees an exact table, and no public one."""
    assert _EXACT.search("SELECT n FROM aggregate") and not _EXACT.search("SELECT n FROM published")
