"""What is exported is exactly what was taken in: as CSV, as a workbook, and taken in again it changes nothing."""

import io
from pathlib import Path
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.observations import export
from services.monitor.observations.file.check import Checker
from services.monitor.observations.file.layout import COLUMNS, FileRow
from services.monitor.observations.file.xlsx_file import _text
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record

from .conftest import Import
from .test_handlers import live
from .world import INDICATORS, eenzaam, known, offer, regie, vertrouwen, vrijwilligers, write

MEASURES = {code: indicator.measure for code, indicator in INDICATORS.items()}
_STORED = ("indicator", "version", "source", "method", "area", "geography", "period", "respondents")
_SUMS = ("n", "total", "squares", "spread_n", "numerator", "denominator", "histogram")


class Texts:
    """A reader of nothing but its marks."""

    mark = ","
    because = "dit is een proef"
    piece = 1
    size = position = 0


def decimal(millionths: int) -> str:
    return f"{millionths // 10**6},{millionths % 10**6:06}".rstrip("0").rstrip(",")


wholes = st.integers(1, 10**9)
scores = st.integers(10**6, 5 * 10**6).map(decimal)
deviations = st.one_of(st.just(""), st.integers(0, 4 * 10**6).map(decimal))
methods = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).filter(
    lambda text: text == text.strip() and text.isprintable() and not text.startswith(("=", "+", "-", "@"))
)
rows = st.one_of(
    st.builds(
        lambda value, deviation, n, method: regie(waarde=value, standaardafwijking=deviation, n=str(n), methode=method),
        scores,
        deviations,
        wholes,
        methods,
    ),
    st.builds(
        lambda part, more, n: eenzaam(teller=str(part), noemer=str(part + more), n=n),
        wholes,
        st.integers(0, 10**6),
        st.one_of(st.just(""), wholes.map(str)),
    ),
    st.builds(
        lambda part, more: vrijwilligers(teller=str(part), noemer="" if more is None else str(part + more)),
        wholes,
        st.one_of(st.none(), st.integers(0, 9)),
    ),
    st.lists(wholes, min_size=5, max_size=5).map(
        lambda counts: vertrouwen(verdeling="|".join(map(str, counts)), n=str(sum(counts)))
    ),
)


def read(row: FileRow) -> str:
    checker = Checker(known(), Texts())  # type: ignore[arg-type]
    line = checker.check(2, row)
    assert line is not None, checker.wrong
    return line


def stored(line: str) -> Record:
    """The row that COPY makes of a line."""
    values = line.rstrip("\n").split("\t")[1:]
    row: dict[str, object] = dict(zip((*_STORED, *_SUMS), values, strict=True))
    row["method"] = str(row["method"]).replace("\\\\", "\\")
    for name in ("n", "total", "squares", "spread_n", "numerator", "denominator"):
        row[name] = int(str(row[name]))
    row["histogram"] = [int(count) for count in str(row["histogram"]).strip("{}").split(",") if count]
    return cast(Record, row)


@settings(deadline=None)
@given(rows)
def test_any_right_row_is_exported_as_it_was_written(row: dict[str, str]) -> None:
    cells = [row.get(name, "") for name in COLUMNS]
    line = read(cells)
    assert export._cells(stored(line), MEASURES) == cells


@settings(deadline=None)
@given(rows)
def test_a_number_in_a_workbook_is_the_number_that_was_written(row: dict[str, str]) -> None:
    for column in COLUMNS:
        written = row.get(column, "")
        typed = export._cell(column, written)
        assert _text(typed) == (written.replace(",", ".") if isinstance(typed, float) else written)


def test_what_a_spreadsheet_takes_for_a_formula_is_exported_as_text() -> None:
    assert [export.safe(text) for text in ("=1", "+1", "-1", "@x", "x=1")] == ["'=1", "'+1", "'-1", "'@x", "x=1"]


async def exported(connection: Connection, indicator: str | None = None, source: SourceKind | None = None) -> bytes:
    whole = io.BytesIO()
    async for piece in export.csv_pieces(connection, indicator, source):
        whole.write(piece)
    return whole.getvalue()


async def test_taking_an_export_in_changes_nothing(monitor: Connection, take_in: Import, tmp_path: Path) -> None:
    await take_in(
        regie(),
        regie(gebied="GM0772", n="9"),
        eenzaam(n="80"),
        vrijwilligers(noemer="5000"),
        vertrouwen(),
        regie(methode='"a;""b""\\"'),
    )
    before, content = await live(monitor), await exported(monitor)
    assert len(content.splitlines()) == 6, "one is too small to be published as it is"
    counter = await monitor.fetchval("SELECT number FROM publication_head")
    _, counts = await offer(monitor, write(tmp_path / "terug.csv", content))
    assert (counts.unchanged, counts.stored, counts.refused) == (5, 0, 0)
    assert await live(monitor) == before
    assert await monitor.fetchval("SELECT number FROM publication_head") == counter
    assert await exported(monitor) == content
    assert len((await exported(monitor, "regie", SourceKind.SURVEY)).splitlines()) == 3


async def test_a_workbook_that_is_exported_changes_nothing_either(
    monitor: Connection, take_in: Import, tmp_path: Path
) -> None:
    await take_in(regie(waarde="3,1"), eenzaam(n="80"), vrijwilligers(), vertrouwen())
    path = tmp_path / "terug.xlsx"
    with path.open("wb") as file:
        await export.write_xlsx(monitor, None, None, file)
    _, counts = await offer(monitor, path)
    assert (counts.unchanged, counts.stored, counts.refused) == (4, 0, 0)
