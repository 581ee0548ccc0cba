"""Words of the monitor's pages, where a code would not do."""

import pytest

from services.monitor.pages import words
from shared.contracts.vocabulary import Measure


@pytest.mark.parametrize(
    ("measure", "unit", "told"),
    [
        ("mean", "score-1-5", "gemiddelde score van 1 (laag) tot 5 (hoog)"),
        ("mean", "rapportcijfer", "gemiddelde: rapportcijfer"),
        ("ratio", "percentage", "percentage"),
        ("ratio", "percent", "percentage"),
        ("count", "gemeenten", "aantal gemeenten"),
        ("count", "aantal", "aantal"),
    ],
)
def test_what_is_measured_is_said_once(measure: str, unit: str, told: str) -> None:
    assert words.measured(Measure(measure), unit) == told
    assert words.measured(measure, unit) == told, "as a row has it"


def test_an_owner_is_called_by_its_name() -> None:
    assert (words.owner("provincie-noord-brabant"), words.owner("ggd-hart")) == ("provincie Noord-Brabant", "ggd hart")
