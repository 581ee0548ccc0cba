"""Format 1 of an edition is what it was: bytes in the repository that no later code may write otherwise."""

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
from services.monitor.figure.tally import MILLION, Tally, of_scores
from services.monitor.history.domain import CellKey
from services.monitor.history.frame import FrozenArea, FrozenIndicator

from ..figure.tallies import of_mean

GOLDEN = Path(__file__).parent / "golden"
HEAD = Head("monitor-2019", "Monitor “Sociale Veerkracht” 2019", 57, datetime(2026, 11, 2, 8, 0, 5, 901442, tzinfo=UTC))
FROZEN = Frozen(
    areas=(
        FrozenArea("GM0794", "Helmond", "municipality", "zuidoost-brabant", date(2016, 1, 1), None),
        FrozenArea("PV30", "Noord-Brabant", "province", None, date(2016, 1, 1), date(2030, 1, 1)),
    ),
    indicators=(
        FrozenIndicator(
            "verbondenheid",
            "Verbondenheid",
            "Connection",
            "verbinding",
            "social",
            "score-1-5",
            "up",
            "mean",
            "provincie",
        ),
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
CELLS: list[tuple[CellKey, Tally]] = [
    (CellKey("indicator", "buurthulp", "ggd", "GM0794", "2019"), of_mean(-400, 12, None)),
    (CellKey("indicator", "leden", "open-data", "PV30", "2019"), Tally(respondents=7_000, numerator=7_000)),
    (CellKey("indicator", "verbondenheid", "dialogue", "GM0794", "2019-03"), of_scores((0, 2, 5, 8, 5))),
    (CellKey("indicator", "vrijwilligers", "survey", "PV30", "2019-Q2"), Tally(300, 0, 0, 0, 0, 100, 300)),
    (CellKey("theme", "verbinding", "dialogue", "GM0794", "2019"), of_scores((0, 0, 0, 0, 10))),
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
    more = [(CELLS[0][0], CELLS[0][1] + Tally(total=MILLION))]
    assert written("csv", more + CELLS[1:]) != written("csv", CELLS)


def test_nothing_has_a_minus_sign() -> None:
    assert ",-0.000," not in written("csv", CELLS).decode()
