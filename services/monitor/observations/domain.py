"""What was offered, what became of it, in which steps it becomes public, and what of a correction may be public."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import zip_longest

from shared.contracts.vocabulary import Measure

from ..figure.public import PublicTally, publishable
from ..figure.quantity import DETAIL_NEEDS, Quantity
from ..figure.tally import Tally


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that was offered, and whether its good rows may be stored without the others."""

    id: str
    name: str
    sha256: str
    good_rows: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a file. `stored` are new, replace one of `replaced`, or are corrections that stay
    `waiting` while what was public stands."""

    rows: int
    stored: int = 0
    replaced: int = 0
    waiting: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class PublicationStep:
    """The rows of an import on an indicator and source in a year, and the event that brought them."""

    upload: str
    indicator: str
    source: str
    year: str
    event: str

    @property
    def series(self) -> tuple[str, str, str, str]:
        """Indicator, source, and the bounds of the periods."""
        return self.indicator, self.source, self.year, str(int(self.year) + 1)


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """What an observation was exactly when it was public; `coarse` when less of it was than its n allows."""

    exact: Tally
    coarse: bool

    @property
    def in_detail(self) -> bool:
        """Whether more was public than its n and a rounded mean."""
        return not self.coarse and self.exact.n >= DETAIL_NEEDS


@dataclass(frozen=True, slots=True)
class Correction:
    """What is public of a correction; `coarse` when that is less than its n allows."""

    public: PublicTally
    coarse: bool


def correction(
    exact: Tally, versions: Collection[PublicVersion], quantity: Quantity, threshold: int
) -> Correction | None:
    """What may be public of an observation beside every version of it that ever was; None while it must wait.

    Whoever kept an earlier version knows the difference: it must be of nobody, or of a group that may be public itself.
    """
    if not all(_may_stand_beside(exact, version.exact, quantity, threshold) for version in versions):
        return None
    coarse = not all(_may_detail(exact, version.exact, threshold) for version in versions if version.in_detail)
    public = publishable(exact, quantity, threshold, detail=not coarse)
    return None if public is None else Correction(public, coarse)


def _may_stand_beside(new: Tally, old: Tally, quantity: Quantity, threshold: int) -> bool:
    people = abs(new.respondents - old.respondents)
    whole = abs(new.denominator - old.denominator)
    part = abs(new.numerator - old.numerator)
    rest = abs((new.denominator - new.numerator) - (old.denominator - old.numerator))
    match quantity.measure:
        case Measure.RATIO:
            return people == whole == 0 or (
                min(part, rest) >= threshold and not _is_few(people, threshold) and not _is_few(whole, threshold)
            )
        case Measure.COUNT:
            # A count may have the whole that it is of: then the rest is a count too.
            of_whole = new.denominator and old.denominator
            return not _is_few(part, threshold) and not (of_whole and _is_few(rest, threshold))
        case Measure.MEAN:
            return not _is_few(people, threshold) and not _answered_alike(new, old, quantity)
        case Measure.DISTRIBUTION:
            return not _is_few(people, threshold)


def _answered_alike(new: Tally, old: Tally, quantity: Quantity) -> bool:
    """Whether those that one has more than the other can only have answered nearly alike."""
    larger, smaller = (new, old) if new.n >= old.n else (old, new)
    n, total = larger.n - smaller.n, larger.total - smaller.total
    if n == 0 or quantity.low is None or quantity.high is None:
        return False
    # Beyond the ends it is no group that was added: the answers themselves are others.
    return quantity.low * n <= total <= quantity.high * n and quantity.near_end(total, n) is not None


def _may_detail(new: Tally, old: Tally, threshold: int) -> bool:
    people = abs(new.respondents - old.respondents)
    moved = (abs(a - b) for a, b in zip_longest(new.histogram, old.histogram, fillvalue=0))
    return people == 0 or (people >= DETAIL_NEEDS and not any(_is_few(count, threshold) for count in moved))


def _is_few(people: int, threshold: int) -> bool:
    return 0 < people < threshold
