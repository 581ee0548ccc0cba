"""Words of the monitor's pages, where a code would not do."""

import pytest

from services.monitor.figure.estimate import estimate
from services.monitor.figure.quantity import SCORES
from services.monitor.pages import words
from shared.contracts.vocabulary import Measure

from ..figure.tallies import scores


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


def test_of_a_group_that_answered_nearly_alike_only_a_bound_is_said() -> None:
    low, high = estimate(SCORES, scores(12, 0, 0, 0, 0)), estimate(SCORES, scores(0, 0, 0, 0, 12))
    assert (words.value(Measure.MEAN, low), words.value(Measure.MEAN, high)) == ("lager dan 1,2", "hoger dan 4,8")
    assert words.value(Measure.MEAN, estimate(SCORES, scores(6, 0, 0, 0, 6)), 2) == "3,00"
