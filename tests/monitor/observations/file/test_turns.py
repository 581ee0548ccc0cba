"""A file in which little stands for long does not keep the process to itself: its reader gives turns."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pytest

from services.monitor.observations.file import csv_file
from services.monitor.observations.file.csv_file import CsvFile
from services.monitor.observations.file.layout import COLUMNS
from services.monitor.observations.file.xlsx_file import XlsxFile

from ..world import text, vertrouwen
from .test_xlsx_file import book

HEADER = f"{';'.join(COLUMNS)}\n"
WIDE = f"{';' * 60_000}\n"
#: Lines enough for some turns.
LINES = 40


def longest_stretch(read: Iterable[object]) -> int:
    """The most rows that come without a turn between them."""
    return max((len([*rows]) for turn, rows in groupby(read, lambda one: one is None) if not turn), default=0)


@pytest.mark.parametrize("line", [WIDE, f"{'x;' * 30_000}\n", f"{' ;' * 30_000}\n"])
def test_wide_lines_of_text_give_turns(tmp_path: Path, line: str) -> None:
    path = tmp_path / "breed.csv"
    path.write_text(HEADER + line * LINES, "utf-8")
    with CsvFile(path) as reader:
        read = [*reader]
    assert read.count(None) >= len(line) * LINES // (csv_file._TURN + len(line)) - 1 > 2
    assert longest_stretch(read) <= csv_file._TURN // len(line) + 1


def test_lines_of_nothing_give_turns(tmp_path: Path) -> None:
    path = tmp_path / "leeg.csv"
    path.write_text(HEADER + "\n" * 1_000_000 + text([vertrouwen()]).partition("\n")[2], "utf-8")
    with CsvFile(path) as reader:
        read = [*reader]
    assert read.count(None) >= 3
    assert len([one for one in read if one is not None]) == 1


def test_empty_rows_of_a_workbook_give_turns(tmp_path: Path) -> None:
    path = book(tmp_path / "leeg.xlsx", [*[{}] * 2_000, {"indicator": "vertrouwen"}])
    with XlsxFile(path) as reader:
        read = [*reader]
    assert read.count(None) >= 2_000 // reader.piece - 1
    assert longest_stretch(read) == 1
