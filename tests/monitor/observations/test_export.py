"""What is exported is what is public: as CSV, as a workbook, and taken in again it changes nothing."""

import io
from pathlib import Path
from typing import cast

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.monitor.observations import export
from services.monitor.observations.file.check import Checker
from services.monitor.observations.file.layout import COLUMNS, FORMULA_MARKS, FileRow
from services.monitor.observations.file.xlsx_file import _text
from services.monitor.observations.store import _STAGED
from shared.contracts.vocabulary import SourceKind
from shared.database import Connection, Record

from .conftest import Import
from .test_handlers import live
from .world import INDICATORS, METHODS, eenzaam, known, offer, regie, vertrouwen, vrijwilligers, write

MEASURES = {code: indicator.quantity.measure for code, indicator in INDICATORS.items()}
_PUBLIC = ("public_total", "low_n", "high_n", "detailed_n", "public_histogram", "numerator", "denominator")


class Texts:
    """A reader of nothing but its marks."""

    mark = ","
    because = "dit is een proef"
    piece = 1
    size = position = 0


def decimal(millionths: int) -> str:
    return f"{millionths // 10**6},{millionths % 10**6:06}".rstrip("0").rstrip(",")


wholes = st.one_of(st.integers(1, 300), st.integers(1, 10**9))
scores = st.one_of(st.integers(10**6, 5 * 10**6), st.integers(10**6, 10**6 + 2 * 10**5)).map(decimal)
deviations = st.one_of(st.just(""), st.integers(0, 4 * 10**6).map(decimal))
rows = st.one_of(
    st.builds(
        lambda value, deviation, n, method: regie(waarde=value, standaardafwijking=deviation, n=str(n), methode=method),
        scores,
        deviations,
        wholes,
        st.sampled_from(METHODS),
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
        st.one_of(st.none(), st.integers(0, 99)),
    ),
    st.lists(st.one_of(st.integers(0, 60), wholes), min_size=5, max_size=5)
    .filter(any)
    .map(lambda counts: vertrouwen(verdeling="|".join(map(str, counts)), n=str(sum(counts)))),
)


def read(row: FileRow) -> str:
    checker = Checker(known(), Texts())  # type: ignore[arg-type]
    line = checker.check(2, row)
    assert line is not None, checker.wrong
    return line


def staged(line: str) -> dict[str, str]:
    """The row that COPY makes of a line."""
    return dict(zip(_STAGED, line.rstrip("\n").split("\t"), strict=True))


def public(row: dict[str, str]) -> Record:
    """The same as it is read for an export."""
    numbers = ("respondents", "n", "low_n", "high_n", "numerator", "denominator", "detailed_n")
    classes = [int(count) for count in row["public_histogram"].strip("{}").split(",") if count]
    read = {**row, **{name: int(row[name]) for name in numbers}, "total": row["public_total"], "histogram": classes}
    return cast(Record, read)


@settings(deadline=None)
@given(rows)
def test_an_export_of_any_row_says_what_is_public_of_it_and_no_more(row: dict[str, str]) -> None:
    was = staged(read([row.get(name, "") for name in COLUMNS]))
    assume(was["public_total"] != "\\N")
    cells = export._cells(public(was), MEASURES)
    assert cells[: COLUMNS.index("waarde")] == [row.get(name, "") for name in COLUMNS[: COLUMNS.index("waarde")]]
    assert cells[COLUMNS.index("standaardafwijking")] == ""
    assert not any(cell.startswith(FORMULA_MARKS) or not cell.isascii() for cell in cells)
    again = staged(read(cells))
    assert {name: again[name] for name in (*_PUBLIC, "respondents", "n")} == {
        name: was[name] for name in (*_PUBLIC, "respondents", "n")
    }
    assert export._cells(public(again), MEASURES) == cells


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


ROWS = (
    regie(),
    regie(gebied="GM0772", n="9"),
    regie(gebied="GM1959", n="50", waarde="1,04"),
    regie(gebied="GM0772", n="150", waarde="1,04", bron="ggd"),
    regie(gebied="GM1959", n="50", waarde="4,99", bron="ggd"),
    regie(gebied="GM0794", n="50", waarde="3,27", bron="ggd", standaardafwijking=""),
    eenzaam(n="80"),
    vrijwilligers(noemer="5000"),
    vertrouwen(),
    vertrouwen(gebied="GM0772", verdeling="3|5|9|2|1"),
)


async def test_an_export_has_what_is_public_and_taking_it_in_changes_nothing(
    monitor: Connection, take_in: Import, tmp_path: Path
) -> None:
    await take_in(*ROWS)
    before, content = await live(monitor), await exported(monitor)
    assert [line.split(";", 6)[6] for line in content.decode().splitlines()[1:]] == [
        "gezondheidsmonitor;;;450;1000;80;",
        "online;<1,2;;;;150;",
        "online;3,3;;;;50;",
        "online;>4,8;;;;50;",
        "online;3,25;;;;412;",
        "online;<1,2;;;;50;",
        "gezondheidsmonitor;;;;;20;",
        "gezondheidsmonitor;;;;;200;30|50|90|20|10",
        "gezondheidsmonitor;;;1200;5000;;",
    ]
    counter = await monitor.fetchval("SELECT number FROM publication_head")
    told = await monitor.fetchval("SELECT count(*) FROM outbox")
    _, counts = await offer(monitor, write(tmp_path / "terug.csv", content))
    assert (counts.unchanged, counts.stored, counts.refused) == (9, 0, 0)
    assert await live(monitor) == before
    assert await monitor.fetchval("SELECT number FROM publication_head") == counter
    assert await monitor.fetchval("SELECT count(*) FROM outbox") == told
    assert await exported(monitor) == content
    assert len((await exported(monitor, "regie", SourceKind.SURVEY)).splitlines()) == 3
    exact = await monitor.fetchval(
        "SELECT total FROM observation WHERE indicator = 'regie' AND n = 50 AND area = 'GM0794'"
    )
    assert exact == 50 * 3_270_000


async def test_a_workbook_that_is_exported_changes_nothing_either(
    monitor: Connection, take_in: Import, tmp_path: Path
) -> None:
    await take_in(*ROWS)
    path = tmp_path / "terug.xlsx"
    with path.open("wb") as file:
        await export.write_xlsx(monitor, None, None, file)
    _, counts = await offer(monitor, path)
    assert (counts.unchanged, counts.stored, counts.refused) == (9, 0, 0)


async def test_a_row_that_says_no_more_than_an_export_is_no_figure(monitor: Connection, take_in: Import) -> None:
    await take_in(*ROWS)
    bare = {"standaardafwijking": "", "n": "50"}
    counts = await take_in(
        regie(gebied="GM1959", waarde=">1,2", **bare),
        regie(gebied="GM0772", waarde="<1,2", **bare),
        regie(gebied="GM0794", waarde="<1,2", **bare, periode="2023", indeling="2023"),
        vertrouwen(gebied="GM0772", verdeling="", n="21"),
        vertrouwen(verdeling="", n="200"),
    )
    assert (counts.stored, counts.refused) == (0, 5)
    rows = await monitor.fetch('SELECT "column", reason FROM observation_error ORDER BY line')
    assert [row["column"] for row in rows] == ["waarde"] * 3 + ["verdeling"] * 2
    assert rows[0]["reason"].startswith("dit is een grens, zoals een export die geeft")
    assert rows[3]["reason"].startswith("de aantallen per klasse ontbreken")


async def test_a_bound_taken_in_as_a_value_is_a_correction(monitor: Connection, take_in: Import) -> None:
    """Negative control: only what is public is passed over."""
    await take_in(regie(n="50", waarde="1,04"))
    counts = await take_in(regie(n="50", waarde="1,2", standaardafwijking=""))
    assert (counts.stored, counts.unchanged) == (1, 0)
    assert b"1,2;;;;50" in await exported(monitor)
    assert b"<1,2" not in await exported(monitor)
