"""What kind of number an indicator is: how it adds up, and between which ends its values lie."""

from dataclasses import dataclass

from shared.contracts.vocabulary import Bound, Measure
from shared.unit import scale_of

from .tally import MILLION

#: Of how many answers a figure may say more than their number and a rounded mean.
DETAIL_NEEDS = 100
#: A mean of fewer is rounded to this part of the range.
_STEPS = 40
#: So many steps from an end a group still answered nearly alike.
_NEAR = 1
#: From the low end to the high end, in millionths: of ten people all but one at an end is near that end from here on.
_SHORTEST = 3 * MILLION
#: The deviation that a margin assumes: a group's own would tell of its answers.
_DEVIATION = 4


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measure and its range in millionths of the unit: None where the unit has no ends."""

    measure: Measure
    low: int | None = None
    high: int | None = None

    @property
    def too_short(self) -> bool:
        """Whether its scale has so few points that answers follow from a mean of them and how many they are."""
        return self.low is not None and self.high is not None and self.high - self.low < _SHORTEST

    @property
    def step(self) -> int | None:
        """The grid that a mean of few is rounded to, from the low end up: in millionths."""
        return None if self.low is None or self.high is None else (self.high - self.low) // _STEPS

    @property
    def deviation(self) -> int | None:
        """The assumed standard deviation, in millionths: a quarter of the range, whoever answered."""
        return None if self.low is None or self.high is None else (self.high - self.low) // _DEVIATION

    def on_grid(self, total: int, n: int) -> int:
        """The mean of `n` values in millionths, rounded to the grid; of a group that answered nearly alike the bound
        that its mean stays within, two steps from the end.

        Raises ValueError for a unit without ends.
        """
        low, step = self._grid()
        return low + min(max(self._steps(total, n), _NEAR + 1), _STEPS - _NEAR - 1) * step

    def near_end(self, total: int, n: int) -> Bound | None:
        """At which end a group answered nearly alike: its mean rounds to the end itself or to the step beside it. At
        that step only one answer may differ, and then everyone's would be known. None also for a unit without ends.
        """
        if self.step is None:
            return None
        steps = self._steps(total, n)
        if steps <= _NEAR:
            return Bound.LOWER_THAN
        return Bound.HIGHER_THAN if steps >= _STEPS - _NEAR else None

    def _steps(self, total: int, n: int) -> int:
        """How many steps above the low end the mean of `n` values is, rounded."""
        low, step = self._grid()
        above, width = total - low * n, step * n
        return (2 * above + width) // (2 * width)

    def _grid(self) -> tuple[int, int]:
        if self.low is None or self.step is None:
            raise ValueError("a unit without ends has no grid")
        return self.low, self.step


def quantity_of(measure: Measure, unit: str) -> Quantity:
    """Of an indicator: `score-1-5` is a scale, `percentage` runs from 0 to 100, other units have no ends."""
    if (ends := scale_of(unit)) is not None:
        return Quantity(measure, ends[0] * MILLION, ends[1] * MILLION)
    return Quantity(measure, 0, 100 * MILLION) if unit == "percentage" else Quantity(measure)


#: What people score in a dialogue, and so every theme.
SCORES = quantity_of(Measure.MEAN, "score-1-5")
