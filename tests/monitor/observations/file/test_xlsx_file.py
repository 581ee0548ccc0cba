"""Workbooks: the same rows as CSV, wrong cells by their address, and what would not fit refused unopened."""

import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.monitor.observations.file.check import Checker
from services.monitor.observations.file.format import open_file
from services.monitor.observations.file.layout import COLUMNS, Unreadable

from ..world import eenzaam, known, regie, text, vertrouwen, vrijwilligers, write

Cell = str | int | float | bool | date | None


def book(path: Path, rows: Iterable[Mapping[str, Cell]], columns: Iterable[str] = COLUMNS, sheets: int = 1) -> Path:
    """A workbook of rows."""
    made = Workbook(write_only=True)
    for number in range(sheets):
        sheet = made.create_sheet(f"blad {number + 1}")
        sheet.append([*columns])
        for row in rows:
            sheet.append([row.get(name) for name in columns])
    made.save(path)
    return path


def typed(row: Mapping[str, str]) -> dict[str, Cell]:
    """The row as someone types it in a spreadsheet."""
    numbers = ("versie", "indeling", "waarde", "standaardafwijking", "teller", "noemer", "n", "periode")
    cells: dict[str, Cell] = {}
    for name, written in row.items():
        plain = written.replace(",", ".")
        cells[name] = written or None
        if name in numbers and plain.replace(".", "").isdecimal():
            cells[name] = float(plain) if "." in plain else int(plain)
    return cells


def checked(path: Path) -> tuple[list[str], list[tuple[str | None, str | None, str | None, str]]]:
    """Lines of COPY, and all that is wrong, by cell."""
    good, wrong = [], []
    with open_file(path) as reader:
        checker = Checker(known(), reader)
        for line, row in filter(None, reader):
            copied = checker.check(line, row)
            if copied is None:
                wrong += [
                    (reader.place(each.line, each.column), each.column, each.value, each.reason)
                    for each in checker.wrong
                ]
            else:
                good.append(copied)
    return good, wrong


ROWS = [
    regie(),
    regie(waarde="3,1", gebied="GM0772"),
    eenzaam(),
    vrijwilligers(),
    vertrouwen(),
    eenzaam(periode="2023-Q2", indeling="2023"),
]


def test_a_workbook_says_what_the_same_csv_says(tmp_path: Path) -> None:
    from_book = checked(book(tmp_path / "rijen.xlsx", map(typed, ROWS)))
    assert from_book == checked(write(tmp_path / "rijen.csv", text(ROWS)))
    assert from_book[1] == []


def test_wrong_cells_are_told_by_their_address(tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [
        typed(regie()),
        {},
        typed(regie()) | {"waarde": "=1+2", "n": "=L2"},
        typed(regie()) | {"periode": date(2024, 3, 1)},
        typed(regie()) | {"waarde": "3,5"},
        typed(regie()) | {"n": True},
        typed(regie()) | {"n": 4.5, "waarde": 3.12345678},
        typed(regie()) | {"gebied": "GM9"},
    ]
    good, wrong = checked(book(tmp_path / "rijen.xlsx", rows))
    assert len(good) == 1
    assert wrong == [
        ("H4", "waarde", "=1+2", "hier staat een formule: plak er de waarde van"),
        ("L4", "n", "=L2", "hier staat een formule: plak er de waarde van"),
        (
            "E5",
            "periode",
            "2024-03-01 00:00:00",
            "dit is als datum opgeslagen: maak de cel tekst, en schrijf 2019, 2019-Q1 of 2019-03",
        ),
        (
            "H6",
            "waarde",
            "3,5",
            "schrijf een punt voor de decimalen, want in een rekenblad is dit tekst en geen getal",
        ),
        ("L7", "n", "True", "hier staat waar of onwaar: hier hoort een getal of tekst"),
        ("H8", "waarde", "3.12345678", "rond af: hoogstens 6 cijfers achter de punt"),
        ("L8", "n", "4.5", "hier hoort een geheel getal, zonder cijfers achter de komma"),
        ("C9", "gebied", "GM9", "dit gebied is er niet: hier hoort een code zoals GM0794"),
    ]


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        checked(path)
    return refused.value.reason


def test_another_layout_and_more_sheets_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rijen.xlsx"
    assert "heeft 2 bladen (blad 1, blad 2)" in refusal(book(path, [typed(regie())], sheets=2))
    assert "deze kolommen ontbreken: n" in refusal(book(path, [], [name for name in COLUMNS if name != "n"]))
    assert "De eerste regel is leeg" in refusal(book(path, [], []))
    assert "deze kolommen zijn onbekend: " in refusal(book(path, [], ["indicator", "", *COLUMNS[1:]]))


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rijen.xlsx"
    whole = book(path, [typed(regie())]).read_bytes()
    assert "geen leesbaar rekenblad" in refusal(write(path, b"PK\x03\x04" + b"x" * 100))
    assert "geen leesbaar rekenblad" in refusal(write(path, whole[: len(whole) // 2]))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert "geen leesbaar rekenblad" in refusal(path)
    assert "oud Excel-bestand" in refusal(write(path, b"\xd0\xcf\x11\xe0" + b"x" * 100))


def altered(path: Path, name: str, content: bytes) -> Path:
    """The workbook with another content for one of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, old in (parts | {name: b""}).items():
            archive.writestr(part, content if part == name else old)
    return path


def test_zip_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "rijen.xlsx"
    sheet = "xl/worksheets/sheet1.xml"
    assert "keer zo groot uitgepakt" in refusal(
        altered(book(path, [typed(regie())]), sheet, b"<worksheet>" + b" " * 30_000_000)
    )
    noise = b"".join(b"<si><t>%d</t></si>" % (number * 7919) for number in range(800_000))
    assert "xl/sharedStrings.xml in dit rekenblad is groter" in refusal(
        altered(book(path, [typed(regie())]), "xl/sharedStrings.xml", noise)
    )
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(501):
            archive.writestr(f"xl/{number}.xml", "")
    assert "501 onderdelen" in refusal(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    lol = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><sst>&lol;</sst>'
    path = altered(book(tmp_path / "rijen.xlsx", [typed(regie())]), "xl/workbook.xml", lol)
    assert "geen leesbaar rekenblad" in refusal(path)


@pytest.mark.long
def test_a_row_too_large_for_memory_and_a_row_far_away_are_refused_or_bounded(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    path = book(tmp_path / "rijen.xlsx", [typed(regie())])
    with zipfile.ZipFile(path) as archive:
        content = archive.read(sheet)
    cells = b"".join(b"<c><v>%d</v></c>" % (number * 7919) for number in range(120_000))
    wide = content.replace(b"</sheetData>", b'<row r="3">' + cells + b"</row></sheetData>")
    assert "heeft een regel van meer dan" in refusal(altered(path, sheet, wide))
    far = content.replace(b"</sheetData>", b'<row r="2000000000"><c><v>1</v></c></row></sheetData>')
    assert len(checked(altered(path, sheet, far))[0]) == 1
