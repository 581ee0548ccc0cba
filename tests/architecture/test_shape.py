"""Files, folders and functions that can be read at a glance; one meaning for a name; one caller for a file of SQL."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from .code import ROOT, SERVICES, Module, capabilities, modules

MOST_MODULES, MOST_LINES, MOST_OF_A_FUNCTION = 16, 350, 60
OURS = ("services", "shared", "tests")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_folder_holds_too_many_modules() -> None:
    folders: dict[Path, int] = defaultdict(int)
    for module in modules(*OURS):
        folders[module.path.parent] += module.path.name != "__init__.py"
    large = {str(folder.relative_to(ROOT)): count for folder, count in folders.items() if count > MOST_MODULES}
    assert large == {}


def test_no_file_is_too_long() -> None:
    lines = {module.name: module.path.read_text(encoding="utf-8").count("\n") for module in modules(*OURS, "deploy")}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{module.name}.{function.name}": length
        for module in modules(*OURS, "deploy")
        for function in functions(module.tree)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MOST_OF_A_FUNCTION
    }
    assert long == {}


def classes(module: Module) -> Iterator[str]:
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def test_a_class_name_means_one_thing() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for module in modules("services", "shared"):
        for name in classes(module):
            found[name].append(module.name)
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_a_file_of_sql_has_one_caller_beside_it(service: str) -> None:
    own = list(modules(f"services/{service}"))
    for path in (ROOT / "services" / service).rglob("*.sql"):
        if path.parent.name != "migrations":
            naming = [m.path for m in own if f'{path.name}"' in m.path.read_text(encoding="utf-8")]
            assert [one.parent for one in naming] == [path.parent], path


def test_sql_is_named_once_in_a_service() -> None:
    for service in SERVICES:
        names = [p.name for p in (ROOT / "services" / service).rglob("*.sql") if p.parent.name != "migrations"]
        assert sorted(names) == sorted(set(names)), service


def test_no_service_names_another_ones_schema() -> None:
    for service in SERVICES:
        for path in (ROOT / "services" / service).rglob("*.sql"):
            text = path.read_text(encoding="utf-8")
            for other in SERVICES:
                if other != service:
                    for table in ("outbox", "watermark", "directory"):
                        assert f"{other}.{table}" not in text, path


@pytest.mark.parametrize("service", SERVICES)
def test_tests_have_the_shape_of_what_they_test(service: str) -> None:
    known = {capability.name.replace(".", "/") for capability in capabilities(service)}
    root = ROOT / "tests" / service
    folders = {str(path.parent.relative_to(root)) for path in root.rglob("test_*.py") if path.parent != root}
    assert folders <= known, f"no such capabilities in services/{service}"
