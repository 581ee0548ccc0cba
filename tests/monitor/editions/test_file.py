"""Format 1 of an edition is what it was: bytes in the repository that no later code may write otherwise."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.editions.file import (
    PRESENT,
    WRITERS,
    Frozen,
    FrozenBaselineFact,
    FrozenCells,
    FrozenVersion,
    Head,
)
from services.monitor.figure.public import PublicTally
from services.monitor.figure.quantity import Quantity, quantity_of
from services.monitor.figure.tally import Tally
from services.monitor.history.domain import CellKey
from services.monitor.history.frame import FrozenArea, FrozenIndicator
from shared.contracts.vocabulary import Measure

from ..figure.tallies import count, of_mean, published, ratio, scores

GOLDEN = Path(__file__).parent / "golden"
HEAD = Head("monitor-2019", "Monitor “Sociale Veerkracht” 2019", 57, datetime(2026, 11, 2, 8, 0, 5, 901442, tzinfo=UTC))
FROZEN = Frozen(
    areas=(
        FrozenArea("GM0794", "Helmond", "municipality", "zuidoost-brabant", date(2016, 1, 1), None),
        FrozenArea("PV30", "Noord-Brabant", "province", None, date(2016, 1, 1), date(2030, 1, 1)),
    ),
    indicators=tuple(
        FrozenIndicator(
            code, code.title(), code, "verbinding", "social", unit, "higher-is-better", measure, "provincie"
        )
        for code, unit, measure in (
            ("buurthulp", "percentage", "mean"),
            ("leden", "count", "count"),
            ("leeftijd", "class-1-3", "distribution"),
            ("verbondenheid", "score-1-5", "mean"),
            ("vrijwilligers", "percent", "ratio"),
        )
    ),
    versions=(
        FrozenVersion("verbondenheid", 2, "2.0", "Andere vraag", date(2019, 1, 1), False, "Niet dezelfde vraag"),
    ),
    baseline=(
        FrozenBaselineFact(
            "eenzaam", "40% is “eenzaam”", "verbinding", ("PV30",), 40, None, None, "2016", "Monitor", "1.2"
        ),
    ),
)
CELLS: list[tuple[CellKey, PublicTally]] = [
    (
        CellKey("indicator", "buurthulp", "ggd", "GM0794", "2019"),
        published(of_mean(31_400_000, 12, None), quantity_of(Measure.MEAN, "percentage")),
    ),
    (CellKey("indicator", "leden", "open-data", "PV30", "2019"), count(7_000)),
    (
        CellKey("indicator", "leeftijd", "open-data", "PV30", "2019"),
        published(Tally(respondents=120, n=120, histogram=(40, 50, 30)), Quantity(Measure.DISTRIBUTION)),
    ),
    (CellKey("indicator", "verbondenheid", "dialogue", "GM0794", "2019-03"), scores(0, 2, 5, 8, 5)),
    (CellKey("indicator", "verbondenheid", "dialogue", "GM0794", "2019-Q1"), scores(0, 20, 50, 80, 50)),
    (CellKey("indicator", "vrijwilligers", "survey", "PV30", "2019-Q2"), ratio(100, 300)),
    (CellKey("theme", "verbinding", "dialogue", "GM0794", "2019"), scores(0, 0, 0, 0, 10)),
]


def written(kind: str, *parts: FrozenCells, format_: int = 1) -> bytes:
    writer = WRITERS[format_][kind](HEAD, FROZEN)
    return b"".join([writer.start(), *(writer.rows(part) for part in parts), writer.end()])


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_format_1_writes_the_bytes_it_always_wrote(kind: str) -> None:
    assert written(kind, CELLS) == (GOLDEN / f"edition-1.{kind}").read_bytes()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_edition_without_cells_is_written_too(kind: str) -> None:
    assert written(kind) == (GOLDEN / f"empty-1.{kind}").read_bytes()


def test_the_present_format_has_golden_bytes() -> None:
    assert {(GOLDEN / f"edition-{PRESENT}.{kind}").exists() for kind in WRITERS[PRESENT]} == {True}


@given(cut=st.integers(0, len(CELLS)), kind=st.sampled_from(["csv", "json"]))
def test_it_does_not_matter_in_which_parts_the_cells_come(cut: int, kind: str) -> None:
    assert written(kind, CELLS[:cut], [], CELLS[cut:]) == written(kind, CELLS)


def test_another_figure_is_another_file() -> None:
    """Negative control: the golden bytes hold the figures."""
    more = [(CELLS[0][0], CELLS[0][1] + CELLS[0][1])]
    assert written("csv", more + CELLS[1:]) != written("csv", CELLS)


def test_of_fewer_than_a_hundred_answers_there_is_a_rounded_mean_or_a_bound_and_no_histogram() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", CELLS).decode())))
    told = [(row["code"], row["period"], row["n"], row["mean"], row["bound"], row["histogram"]) for row in rows]
    assert told == [
        ("buurthulp", "2019", "12", "32.500", "", ""),
        ("leden", "2019", "", "", "", ""),
        ("leeftijd", "2019", "120", "", "", "40|50|30"),
        ("verbondenheid", "2019-03", "20", "3.800", "", ""),
        ("verbondenheid", "2019-Q1", "200", "3.800", "", "0|20|50|80|50"),
        ("vrijwilligers", "2019-Q2", "", "", "", ""),
        ("verbinding", "2019", "10", "4.800", "higher-than", ""),
    ]


def test_both_files_say_the_same() -> None:
    names = {"mean_low": "meanLow", "mean_high": "meanHigh", "share_low": "shareLow", "share_high": "shareHigh"}
    told = json.loads(written("json", CELLS), parse_float=str)["cells"]
    for row, cell in zip(csv.DictReader(io.StringIO(written("csv", CELLS).decode())), told, strict=True):
        as_text = {
            name: "|".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
            for name, value in cell.items()
        }
        assert {names.get(name, name): value for name, value in row.items()} == as_text
