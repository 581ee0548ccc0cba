"""What people and programs do to a workbook: the rows are what they were, or what is wrong is told by its cell."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from services.monitor.observations.file.layout import COLUMNS

from ..world import eenzaam, regie, vertrouwen, vrijwilligers
from .test_xlsx_file import Cell, book, checked, typed

ROWS: list[dict[str, Cell]] = [
    typed(regie(periode="2024-03")),
    typed(regie(periode="2024-03", gebied="GM0772", waarde="<1.2", n="50", standaardafwijking="")),
    typed(eenzaam(n="80")),
    typed(vrijwilligers(teller="123456789012")),
    typed(vertrouwen()),
]
Row = Mapping[str, Cell]


def texts(change: Callable[[str], str]) -> Callable[[Row], Row]:
    """A change of every text."""
    return lambda row: {name: change(cell) if isinstance(cell, str) else cell for name, cell in row.items()}


UNCHANGED: dict[str, Callable[[Row], Row]] = {
    "numbers kept as text": lambda row: {name: None if cell is None else str(cell) for name, cell in row.items()},
    "numbers as text with a no-break space": lambda row: {n: None if c is None else f"{c}\xa0" for n, c in row.items()},
    "spaces around text": texts(lambda text: f" {text}  "),
    "text in capitals": texts(str.upper),
    "an accent": texts(lambda text: text.replace("enquete", "enquête")),
    "an accent apart": texts(lambda text: text.replace("enquete", "enque\N{COMBINING CIRCUMFLEX ACCENT}te")),
    "spaces in empty cells": lambda row: {name: row.get(name) or " " for name in COLUMNS},
}
TOLD: dict[str, tuple[Callable[[Row], Row], str]] = {
    "months made dates": (lambda row: {**row, "periode": date(2024, 3, 1)}, "periode"),
    "a number made a formula": (lambda row: {**row, "n": "=L2"}, "n"),
    "a decimal comma in text": (lambda row: {**row, "waarde": "3,25"}, "waarde"),
    "a number that is an error": (lambda row: {**row, "n": "#N/A"}, "n"),
    "an accent that was misread": (lambda row: {**row, "bron": "enquÃªte"}, "bron"),
}


@pytest.mark.parametrize("name", sorted(UNCHANGED))
def test_every_row_is_what_it_was(name: str, tmp_path: Path) -> None:
    was = checked(book(tmp_path / "was.xlsx", ROWS))
    assert len(was[0]) == len(ROWS)
    rows = [UNCHANGED[name](row) for row in ROWS]
    assert rows != ROWS, "it does nothing to these rows"
    assert checked(book(tmp_path / "rijen.xlsx", rows)) == was


def test_rows_of_spaces_and_headings_with_capitals_are_no_other_file(tmp_path: Path) -> None:
    was, _ = checked(book(tmp_path / "was.xlsx", ROWS))
    spaced = [each for row in ROWS for each in (row, dict.fromkeys(COLUMNS, "\xa0"))]
    rows = [{f" {name.title()} ": cell for name, cell in row.items()} for row in spaced]
    good, wrong = checked(book(tmp_path / "rijen.xlsx", rows, [f" {name.title()} " for name in COLUMNS]))
    assert wrong == []
    assert [line.partition("\t")[2] for line in good] == [line.partition("\t")[2] for line in was]


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_cell_that_is_another_is_told_and_costs_its_row_alone(name: str, tmp_path: Path) -> None:
    was, _ = checked(book(tmp_path / "was.xlsx", ROWS))
    change, column = TOLD[name]
    good, wrong = checked(book(tmp_path / "rijen.xlsx", [change(ROWS[0]), *ROWS[1:]]))
    assert good == was[1:]
    assert [(each[0], each[1]) for each in wrong] == [(f"{'ABCDEFGHIJKLM'[COLUMNS.index(column)]}2", column)]
    assert all(each[3] for each in wrong)
