"""A fast path stands in a module of its own, says for which row of the benchmark it is there, and has a plain twin."""

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FIRST_LINE = re.compile(r"Fast path, for the benchmark rows? (?P<rows>`[^`]+`(?:(?:, | and )`[^`]+`)*): \S")
_TWIN = re.compile(r'pytest\.mark\.twin_of\("([\w.]+)"\)')


def fast_paths() -> dict[str, str]:
    """The docstring of every module that says it is one."""
    found: dict[str, str] = {}
    for path in [path for folder in ("shared", "services") for path in (ROOT / folder).rglob("*.py")]:
        text = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
        if text.lower().startswith("fast path"):
            found[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = text
    return found


def rows(report: Mapping[str, list[dict[str, list[list[object]]]]]) -> set[str]:
    """What a row of the report is called: the texts in it."""
    return {cell for section in report["sections"] for row in section["rows"] for cell in row if isinstance(cell, str)}


REPORT = rows(json.loads((ROOT / "deploy" / "bench" / "results.json").read_text(encoding="utf-8")))
TWINS = {name for path in (ROOT / "tests").rglob("*.py") for name in _TWIN.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("module", sorted(fast_paths()))
def test_a_fast_path_names_rows_of_the_report_and_a_test_holds_it_against_its_twin(module: str) -> None:
    first = _FIRST_LINE.match(fast_paths()[module])
    assert first, "begin with: Fast path, for the benchmark row `…`: …"
    assert set(re.findall("`([^`]+)`", first["rows"])) <= REPORT
    assert module in TWINS, f'mark the test of both ways: @pytest.mark.twin_of("{module}")'


def test_a_fast_path_in_sql_names_rows_of_the_report() -> None:
    said = [
        line
        for path in (ROOT / "services").rglob("*.sql")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "Fast path" in line
    ]
    assert len(said) > 2
    for line in said:
        assert (named := set(re.findall(r"`([^`]+)`", line))) and named <= REPORT, line


def test_every_twin_is_of_a_fast_path() -> None:
    assert fast_paths().keys() >= TWINS
    assert len(TWINS) > 5


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Fast path, for the benchmark row `ours`: quick.", True),
        ("Fast path, for the benchmark rows `command` and `command, Idempotency-Key`: quick.", True),
        ("Fast path, for speed: quick.", False),
        ("Fast path, for the benchmark row `ours`.", False),
    ],
)
def test_control_a_first_line_without_row_or_reason_is_seen(text: str, right: bool) -> None:
    assert bool(_FIRST_LINE.match(text)) is right
    assert {"ours", "command", "command, Idempotency-Key"} <= REPORT and "a row that never was" not in REPORT
