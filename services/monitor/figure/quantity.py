"""What kind of number an indicator is: how it adds up, and between which ends its values lie."""

from dataclasses import dataclass

from shared.contracts.vocabulary import Measure

from .tally import MILLION

#: Of how many answers a figure may say more than their number and a rounded mean.
DETAIL_NEEDS = 100
#: A mean of fewer is rounded to this part of the range.
_STEPS = 40
#: The deviation that a margin assumes: a group's own would tell of its answers.
_DEVIATION = 4


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measure and its range in millionths of the unit: None where the unit has no ends."""

    measure: Measure
    low: int | None = None
    high: int | None = None

    @property
    def step(self) -> int | None:
        """The grid that a mean of few is rounded to, from the low end up: in millionths."""
        return None if self.low is None or self.high is None else (self.high - self.low) // _STEPS

    @property
    def deviation(self) -> int | None:
        """The assumed standard deviation, in millionths: a quarter of the range, whoever answered."""
        return None if self.low is None or self.high is None else (self.high - self.low) // _DEVIATION

    def on_grid(self, total: int, n: int) -> int:
        """The mean of `n` values in millionths, rounded to the grid and kept a step within both ends.

        Raises ValueError for a unit without ends.
        """
        if self.low is None or self.high is None or self.step is None:
            raise ValueError("a unit without ends has no grid")
        above, width = total - self.low * n, self.step * n
        steps = (2 * above + width) // (2 * width)
        return min(max(self.low + steps * self.step, self.low + self.step), self.high - self.step)


def quantity_of(measure: Measure, unit: str) -> Quantity:
    """Of an indicator: `score-1-5` is a scale, `percentage` runs from 0 to 100, other units have no ends."""
    parts = unit.split("-")
    if len(parts) == 3 and parts[0] == "score" and parts[1].isdecimal() and parts[2].isdecimal():
        return Quantity(measure, int(parts[1]) * MILLION, int(parts[2]) * MILLION)
    return Quantity(measure, 0, 100 * MILLION) if unit == "percentage" else Quantity(measure)


#: What people score in a dialogue, and so every theme.
SCORES = quantity_of(Measure.MEAN, "score-1-5")
