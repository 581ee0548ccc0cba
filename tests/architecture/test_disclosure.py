"""What may be published is made in one place: whatever shows figures is made of that and of nothing exact."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MONITOR = ROOT / "services" / "monitor"
#: Where a public tally is made: of a group, and of a row that has one.
MAKERS = {"services/monitor/figure/public.py", "services/monitor/figure/record.py"}
#: Who may ask what may be published of a group.
ASKERS = ("services/monitor/publication/", "services/monitor/observations/", "services/monitor/figure/public.py")
#: Capabilities that read public figures, and nothing else.
READERS = ("charts", "differences", "editions", "history", "pages", "published", "impact/goals", "impact/comparison")
#: Files that answer, in every capability.
ANSWERING = ("routes.py", "views.py", "pages.py")
_FIGURE = "services.monitor.figure"
#: Of the module of exact sums only what is no sum.
_UNITS_OF_COUNTING = {f"{_FIGURE}.tally.{name}" for name in ("MILLION", "thousandths")}
_EXACT_MODULES = (
    "services.monitor.publication.store",
    *(f"services.monitor.dialogues.{name}" for name in ("store", "units", "contributions")),
)
_EXACT_NAMES = {f"{_FIGURE}.record.{name}" for name in ("tally_of", "tally_columns")}
#: Tables of what is exact, and columns that only those have.
_EXACT_TABLES = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:\w+\.)?(?:aggregate|contribution|dialogue|unit|observation)\b"
    r"|\bsquares\b|\bspread_n\b"
)


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def mentions(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of a name, and calls that are given it: a decoder makes one as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            parts = [node.func, *node.args, *(keyword.value for keyword in node.keywords)]
            if any(called(part) == name for part in parts):
                yield node


def called(node: ast.expr) -> str | None:
    """The last part of a name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Every module or name that is imported, absolute, and what it is called instead."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.asname) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *((node.module,) if node.module else ())))
            yield from ((f"{module}.{alias.name}", alias.asname) for alias in node.names)


def imported(path: Path) -> Iterator[tuple[str, str | None]]:
    return imports(parsed(path), path.relative_to(ROOT).parent.parts)


def exact(name: str) -> bool:
    """Whether what is imported knows more than may be public."""
    if name == f"{_FIGURE}.tally" or name.startswith(f"{_FIGURE}.tally."):
        return name not in _UNITS_OF_COUNTING
    return name in _EXACT_NAMES or any(name == one or name.startswith(f"{one}.") for one in _EXACT_MODULES)


def readers() -> list[Path]:
    """Every module that shows figures."""
    found = {path for folder in READERS for path in modules(MONITOR / folder)}
    return sorted(found | {path for path in modules(MONITOR) if path.name in ANSWERING})


def test_a_public_tally_is_made_in_two_files_only() -> None:
    makers = {
        place(path)
        for folder in ("services", "shared", "deploy")
        for path in modules(ROOT / folder)
        if any(mentions(parsed(path), "PublicTally"))
    }
    assert makers == MAKERS


def test_nobody_calls_it_otherwise() -> None:
    for path in modules(ROOT / "services"):
        for name, other in imported(path):
            assert not (name.endswith(".PublicTally") and other), path


def test_what_may_be_published_is_asked_by_publication_and_observations_only() -> None:
    askers = {place(path) for path in modules(ROOT / "services") if any(mentions(parsed(path), "publishable"))}
    assert askers
    assert [path for path in sorted(askers) if not path.startswith(ASKERS)] == []


@pytest.mark.parametrize("path", readers(), ids=place)
def test_what_shows_figures_imports_nothing_exact(path: Path) -> None:
    assert [name for name, _ in imported(path) if exact(name)] == []


@pytest.mark.parametrize("folder", READERS)
def test_what_shows_figures_asks_postgres_for_nothing_exact(folder: str) -> None:
    for path in (MONITOR / folder).rglob("*.sql"):
        assert _EXACT_TABLES.findall(path.read_text(encoding="utf-8")) == [], path


def test_a_check_here_can_fail() -> None:
    """Negative control: each reader sees what it looks for."""
    for text in ("PublicTally(10)", "public.PublicTally(n=1)", "decode(x, type=PublicTally)", "replace(PublicTally)"):
        assert any(mentions(ast.parse(text), "PublicTally")), text
    assert not any(mentions(ast.parse("def f(a: PublicTally) -> PublicTally: ..."), "PublicTally"))
    package = ("services", "monitor", "pages")
    forbidden = (
        "from ..figure.tally import Tally",
        "from ..figure import tally",
        "from ..figure.tally import of_scores",
        "from ..figure.record import tally_of",
        "from ..dialogues import store",
        "from services.monitor.dialogues.units import unit_of",
    )
    for text in forbidden:
        assert any(exact(name) for name, _ in imports(ast.parse(text), package)), text
    allowed = (
        "from ..figure.tally import MILLION\nfrom ..figure.public import PublicTally\nfrom ..dialogues import views"
    )
    assert not any(exact(name) for name, _ in imports(ast.parse(allowed), package))
    assert _EXACT_TABLES.search("SELECT n FROM observation AS o") and _EXACT_TABLES.search("total, squares")
    assert not _EXACT_TABLES.search("SELECT n FROM published JOIN observation_import USING (id)")
    assert len(readers()) > 60
