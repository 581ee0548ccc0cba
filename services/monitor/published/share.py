"""How many municipalities reach a cut-off when municipalities merge: numerator and denominator both move. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Measure

from ..areas.geography import Geography
from ..figure.tally import MILLION, Tally


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What must be reached, in millionths of the indicator's unit: at least this, or at most."""

    millionths: int
    at_most: bool = False

    def reached(self, tally: Tally, measure: Measure) -> bool | None:
        """Whether a figure reaches it, to the last digit; None when the figure has no single value."""
        match measure:
            case Measure.MEAN:
                value, weight = tally.total, tally.n
            case Measure.RATIO:
                value, weight = tally.numerator * MILLION, tally.denominator
            case Measure.COUNT:
                value, weight = tally.numerator * MILLION, 1
            case Measure.DISTRIBUTION:
                return None
        edge = self.millionths * weight
        return None if not weight else value <= edge if self.at_most else value >= edge


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
    geography: Geography, published: Mapping[str, Tally], measure: Measure, cutoff: Cutoff, since: date, on: date
) -> Share:
    """Of the municipalities on `on`, by the published figures of those on `since`; see `Geography.carried`.

    Figures of other areas are left out. Raises ValueError when `on` is before `since`.
    """
    states = {
        code: cutoff.reached(published[code], measure) if published.get(code) else None
        for code in geography.municipalities_on(since)
    }
    carried = geography.carried(states, since, on)
    by_state = {
        wanted: frozenset(c for c, state in carried.items() if state is wanted) for wanted in (True, False, None)
    }
    return Share(by_state[True], by_state[False], by_state[None])
