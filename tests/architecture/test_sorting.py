"""What people are called is sorted as they look it up, everywhere: Postgres and Python put Élan after Zuid."""

import ast
import re

import pytest

from shared.web.dutch import by_name

from .code import ROOT, modules

_NAMES = re.compile(r"\b(name|title|name_nl)\b")
_ORDER_BY = re.compile(r"ORDER BY ([^)]*?)(?:LIMIT|\bFOR\b|\)|--|\"|$)", re.MULTILINE)
_TEMPLATE_SORT = re.compile(r"\|\s*(?:sort|dictsort|groupby)\b(?:\(([^)]*)\))?")
IN_ORDER = [
    "1 mei",
    "Alphen",
    "Élan",
    "Eland",
    "Heeze",
    "helmond",
    "'s-Hertogenbosch",
    "Ijmuiden",
    "IJsselstein",
    "Øst",
    "Sint Anthonis",
    "Sint-Oedenrode",
    "Wijk 2",
    "Wijk 10",
    "’t Zand",
    "Zuid",
]


def test_names_are_sorted_as_a_dutch_reader_looks_them_up() -> None:
    assert sorted(sorted(IN_ORDER), key=by_name) == IN_ORDER
    assert sorted(IN_ORDER) != IN_ORDER


def sorted_by_postgres(text: str) -> list[str]:
    return [found for found in _ORDER_BY.findall(text) if _NAMES.search(found)]


def sorted_by_python(tree: ast.AST) -> list[str]:
    """Sorts that look at a name and do not fold it."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    sorts = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in ("sorted", "sort", "min", "max")]
    keys = [
        (ast.unparse(call), [ast.unparse(word.value) for word in call.keywords if word.arg == "key"]) for call in sorts
    ]
    return [
        text
        for text, key in keys
        if any(re.search(r"\.(name|title|name_nl)\b|\[\W(name|title)\W\]", one) and "by_name" not in one for one in key)
        or (not key and re.search(r"\b\w+\.(name|title) for |map\([\w.]*\bname\b", text))
    ]


def sorted_by_template(text: str) -> list[str]:
    return [found for found in _TEMPLATE_SORT.findall(text) if not found or _NAMES.search(found)]


@pytest.mark.parametrize("folder", ["services", "shared"])
def test_nothing_sorts_names_otherwise(folder: str) -> None:
    found: dict[str, list[str]] = {}
    for path in [*(ROOT / folder).rglob("*.sql"), *(ROOT / folder).rglob("*.py")]:
        if "migrations" not in path.parts:
            found[str(path)] = sorted_by_postgres(path.read_text(encoding="utf-8"))
    for module in modules(folder):
        found[module.name] = sorted_by_python(module.tree)
    for path in (ROOT / folder).rglob("*.html"):
        found[str(path)] = sorted_by_template(path.read_text(encoding="utf-8"))
    assert {where: sorts for where, sorts in found.items() if sorts} == {}


def test_control_a_sort_by_name_is_seen() -> None:
    assert sorted_by_postgres("SELECT name FROM area ORDER BY level, name LIMIT 3")
    assert sorted_by_postgres('_LIST = "SELECT id, name FROM directory WHERE kind = $1 ORDER BY name, id"')
    assert not sorted_by_postgres("SELECT name FROM area ORDER BY code LIMIT 1")
    assert sorted_by_python(ast.parse("sorted(rows, key=lambda row: row.name)"))
    assert sorted_by_python(ast.parse("rows.sort(key=lambda row: (row.level, row['name']))"))
    assert sorted_by_python(ast.parse("sorted(area.name for area in areas)"))
    assert sorted_by_python(ast.parse("sorted(map(self.name, codes))"))
    assert not sorted_by_python(ast.parse("sorted(rows, key=lambda row: by_name(row.name))"))
    assert sorted_by_template('{% for one in known | sort(attribute="name") %}') and sorted_by_template("{{ x|sort }}")
    assert not sorted_by_template('{% for one in known | groupby("theme") %}')
