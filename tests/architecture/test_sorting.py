"""What people are called is sorted as they look it up, everywhere: Postgres and Python put Élan after Zuid."""

import ast
import random
import re
import unicodedata
from itertools import pairwise

import pytest

from shared.web.dutch import by_name

from .code import ROOT, modules

_NAMES = re.compile(r"\b(name|title|name_nl)\b")
_ORDER_BY = re.compile(r"ORDER BY ([^)]*?)(?:LIMIT|\bFOR\b|\)|--|\"|$)", re.MULTILINE)
_TEMPLATE_SORT = re.compile(r"\|\s*(?:sort|dictsort|groupby)\b(?:\(([^)]*)\))?")
IN_ORDER = [
    "1 mei",
    "Alphen",
    "Altena",
    "Altena Noord",
    "Altenaar",
    "De Bilt",
    "Elan",
    "Élan",
    "Eland",
    "GGD",
    "GGD Hart voor Brabant",
    "´s-Gravenmoer",
    "Heeze",
    "‛t Heft",
    "helmond",
    "'s-Hertogenbosch",
    "Ijmuiden",
    "IJsselstein",
    "Øst",
    "Sint Anthonis",
    "Sint-Oedenrode",
    "Wijk",
    "Wijk 2",
    "Wijk 9",
    "Wijk 9a",
    "Wijk 10",
    f"Wijk {'9' * 30}",
    f"Wijk 1{'0' * 30}",
    "Wijk Zuid",
    "Wijk ፩",
    "’t Zand",
    "Zuid",
]


def test_names_are_sorted_as_a_dutch_reader_looks_them_up() -> None:
    assert sorted(sorted(IN_ORDER), key=by_name) == IN_ORDER
    assert sorted(IN_ORDER) != IN_ORDER


APOSTROPHES = "'’‘‛`´ʼʹ′＇"
#: What names are made of, odd ones too: digits of elsewhere, accents apart, signs alone.
PIECES = [*"abéØ019²፩٣-.&_ßİ ", "e\u0301", "Oss", "00", "10", "'s-", "’t ", *APOSTROPHES, *APOSTROPHES]


def some_names() -> list[str]:
    chance = random.Random(14)
    return sorted({"".join(chance.choices(PIECES, k=chance.randint(1, 6))) for _ in range(2000)})


def test_every_two_names_have_one_order_whatever_they_are_made_of() -> None:
    names = some_names()
    assert len({by_name(name) for name in names}) == len(names) > 1000
    in_order = sorted(names, key=by_name)
    assert all(by_name(one) < by_name(other) for one, other in pairwise(in_order))
    names.reverse()
    assert sorted(names, key=by_name) == in_order


def test_a_name_is_before_every_name_that_begins_with_it() -> None:
    for name in [*some_names(), *IN_ORDER]:
        for end in range(1, len(name)):
            assert by_name(name[:end]) < by_name(name), (name[:end], name)


def test_with_and_without_accents_are_beside_each_other_however_they_are_written() -> None:
    for name in IN_ORDER:
        apart, plain = unicodedata.normalize("NFD", name), name.replace("é", "e").replace("É", "E")
        assert by_name(apart)[0] == by_name(name)[0] == by_name(plain)[0] == by_name(name.upper())[0]


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_an_article_with_any_apostrophe_is_passed_over(apostrophe: str) -> None:
    for article in ("s-", "S-", "t ", "T ", "n ", "s "):
        assert by_name(f"{apostrophe}{article}Heer")[0] == by_name("Heer")[0]
    assert by_name(f"{apostrophe}Heer")[0] == by_name("Heer")[0]


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
