"""How many municipalities reach a cut-off when municipalities merge: numerator and denominator both move. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..areas.geography import Geography
from ..figure.limit import known_value, reaches
from ..figure.public import PublicTally
from ..figure.quantity import Quantity
from ..figure.tally import MILLION


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What must be reached, in millionths of the indicator's unit: at least this, or at most."""

    millionths: int
    at_most: bool = False

    def reached(self, tally: PublicTally, quantity: Quantity) -> bool | None:
        """Whether a figure reaches it, to the last digit; None when it has no single value, or a bound that leaves it
        open."""
        value = known_value(tally, quantity)
        return None if value is None else reaches(value, Fraction(self.millionths, MILLION), at_most=self.at_most)


@dataclass(frozen=True, slots=True)
class Share:
    """The municipalities of a day: which reach the cut-off, which do not and of which it is unknown."""

    reached: frozenset[str]
    missed: frozenset[str]
    undecided: frozenset[str]

    @property
    def denominator(self) -> int:
        """How many municipalities there are."""
        return len(self.reached) + len(self.missed) + len(self.undecided)


def share_of_municipalities(
    geography: Geography,
    published: Mapping[str, PublicTally],
    quantity: Quantity,
    cutoff: Cutoff,
    since: date,
    on: date,
) -> Share:
    """Of the municipalities on `on`, by the published figures of those on `since`; see `Geography.carried`.

    Figures of other areas are left out. Raises ValueError when `on` is before `since`.
    """
    states = {
        code: cutoff.reached(published[code], quantity) if published.get(code) else None
        for code in geography.municipalities_on(since)
    }
    carried = geography.carried(states, since, on)
    by_state = {
        wanted: frozenset(c for c, state in carried.items() if state is wanted) for wanted in (True, False, None)
    }
    return Share(by_state[True], by_state[False], by_state[None])
