"""Ways around the other tests that are closed: what is not imported openly, read openly or declared openly."""

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import shared.contracts
from shared.contracts.catalogue import CATALOGUE
from shared.contracts.envelope import Contract
from shared.contracts.revision import Revision
from shared.runtime.settings import Settings

from .code import SERVICES, Capability, Module, capabilities, modules, under

OURS = list(modules("services", "shared"))
EVERY = [capability for service in SERVICES for capability in capabilities(service)]
#: Where metrics are declared, and what measures with them or serves them.
METRICS = {
    "services.community.metrics",
    "services.monitor.metrics",
    "shared.observability.metrics",
    "shared.observability.health_server",
    "shared.http.middleware",
}
#: What answers differently each time, by the name that it is called by.
UNREPEATABLE = {"now", "today", "utcnow", "uuid4", "uuid7", "urandom", "open", "getenv", "print"}
WEB = ("fastapi", "starlette")


def called(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call, with the last part of the name that is called."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name):
                yield function.id, node
            elif isinstance(function, ast.Attribute):
                yield function.attr, node


def texts(module: Module) -> Iterator[str]:
    """Every text that is no docstring."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip() == node.value:
            yield node.value


def test_modules_are_imported_openly() -> None:
    for module in OURS:
        assert under(module.imports(), "importlib") <= {"importlib.metadata", "importlib.metadata.version"}, module.name
        assert not {"__import__", "import_module"} & {name for name, _ in called(module)}, module.name
        assert "sys.modules" not in ast.unparse(module.tree), module.name


def test_what_is_private_to_a_module_stays_in_it() -> None:
    for module in OURS:
        private = {name for name in module.imports() if name.rpartition(".")[2].startswith("_")}
        assert {name for name in private if not name.endswith("__")} == set(), module.name


@pytest.mark.parametrize("capability", EVERY, ids=lambda capability: f"{capability.service}.{capability.name}")
def test_a_capability_is_not_taken_as_a_whole(capability: Capability) -> None:
    """Else its store is reached through it, which no import shows."""
    for module in modules(f"services/{capability.service}"):
        if module.package != f"services.{capability.service}" and capability.package in module.imported_names():
            assert module.package == capability.package, module.name


def test_sql_is_read_in_one_way() -> None:
    """By a file beside the module, so that a test of names sees every reader."""
    for module in modules("services"):
        read = [ast.unparse(call.args[0]) for name, call in called(module) if name == "queries"]
        named = [text for text in texts(module) if text.endswith(".sql")]
        assert read == [f"Path(__file__).with_name({text!r})" for text in named], module.name


@pytest.mark.parametrize("capability", EVERY, ids=lambda capability: f"{capability.service}.{capability.name}")
def test_what_decides_and_stores_knows_no_web(capability: Capability) -> None:
    above = [f"{capability.package}.{name}" for name in ("views", "bodies")]
    for module in capability.own_modules():
        if module.path.stem in ("domain", "store", "handlers"):
            assert under(module.imports(), *WEB, *above) == set(), module.name


@pytest.mark.parametrize("module", [one for one in OURS if one.path.stem == "domain"], ids=lambda module: module.name)
def test_a_domain_gives_the_same_each_time(module: Module) -> None:
    assert {name for name, _ in called(module)} & UNREPEATABLE == set()
    assert under(module.imports(), "random", "secrets", "socket", "subprocess", "httpx2") == set()


def test_settings_come_from_the_documented_ones_only() -> None:
    for module in OURS:
        assert "os.environ" not in ast.unparse(module.tree), module.name
        assert "getenv" not in {name for name, _ in called(module)}, module.name


def test_every_setting_says_what_it_is() -> None:
    for module in OURS:
        if module.path.stem == "settings":
            import_module(module.name)
    kinds: list[type[Settings]] = [Settings, *Settings.__subclasses__()]
    for kind in kinds:
        assert {name for name, field in kind.model_fields.items() if not field.description} == set(), kind


def test_metrics_are_declared_where_the_docs_read_them() -> None:
    assert {module.name for module in OURS if under(module.imports(), "prometheus_client")} == METRICS


def _below(contract: type[Contract]) -> Iterator[type[Contract]]:
    """Every contract; a form of revision is the base of some."""
    for one in contract.__subclasses__():
        yield from _below(one)
        if hasattr(one, "type"):
            yield one


def test_every_contract_stands_in_the_catalogue() -> None:
    for found in pkgutil.walk_packages(shared.contracts.__path__, "shared.contracts."):
        import_module(found.name)
    contracts = {one.type for one in _below(Contract) if one.__module__.startswith("shared.contracts.")}
    assert contracts == set(CATALOGUE)


def test_contracts_are_in_one_place() -> None:
    forms = {"Contract", *(one.__name__ for one in Revision.__subclasses__())}
    for module in OURS:
        classes = [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
        bases = {ast.unparse(base) for one in classes for base in one.bases}
        assert not forms & bases or module.package == "shared.contracts", module.name


def test_a_fence_here_can_fail(tmp_path: Path) -> None:
    """Negative control: what is forbidden is seen in a module that does it."""
    (tmp_path / "planted.py").write_text("x = queries(Path(FOLDER, 'budget.sql'))\nprint(datetime.now())\n")
    planted = Module(tmp_path / "planted.py")
    assert list(texts(planted)) == ["budget.sql"]
    assert {"queries", "print", "now"} <= {name for name, _ in called(planted)}
