"""The figures of one row, by the measure of its indicator: its exact sums, and what may be public of them, as a part of
a line of COPY.

An export gives no more than what is public: of a mean near an end of its scale a bound (`<1,2`), of a distribution that
is shown without classes none. Such a row says nothing that may be stored, but it may be what is public already:
see `as_exported`.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from shared.contracts.vocabulary import Measure

from ...figure.public import PublicTally, publishable
from ...figure.tally import MILLION, Tally
from .codebook import IndicatorRules
from .numbers import NotANumber, Numbers
from .texts import plain

#: waarde, standaardafwijking, teller, noemer, n, verdeling.
FigureCells: TypeAlias = Sequence[str]
#: Is told the column, the value and what is wrong with it.
OnError: TypeAlias = Callable[[str, str | None, str], None]
#: COLUMNS as COPY has them. None when something was wrong, all of which was told.
FigureColumns: TypeAlias = str | None

#: The figures of an indicator, of which a figure is public from a number of people on.
ReadFigure: TypeAlias = Callable[[IndicatorRules, int, FigureCells, OnError], FigureColumns]

#: The exact tally, the public one (`public_total` is null when there is none) and whether a row is as an export has it.
COLUMNS = (
    "respondents",
    "n",
    "total",
    "squares",
    "spread_n",
    "numerator",
    "denominator",
    "histogram",
    "public_total",
    "low_n",
    "high_n",
    "detailed_n",
    "public_histogram",
    "as_exported",
)

_NAMES = {
    Measure.MEAN: "een gemiddelde",
    Measure.RATIO: "een aandeel",
    Measure.COUNT: "een aantal",
    Measure.DISTRIBUTION: "een verdeling",
}
_MOST_CLASSES = 100
#: What stands before a mean that is only known to be lower or higher.
BOUNDS = ("<", ">")


def quiet(column: str, value: str | None, reason: str) -> None:
    """For who only wants to know whether anything is wrong."""


class Figures:
    """Reads the figures of one file."""

    def __init__(self, mark: str, because: str) -> None:
        self._numbers = Numbers(mark, because)
        self._wholes = self._numbers.wholes
        self._values = self._numbers.millionths
        #: How many rows were read that say no more than an export does.
        self.as_exported = 0
        self._measures = {
            Measure.MEAN: self._mean,
            Measure.RATIO: self._ratio,
            Measure.COUNT: self._count,
            Measure.DISTRIBUTION: self._distribution,
        }

    def of(self, measure: Measure) -> ReadFigure:
        """How the figures of a measure are read."""
        return self._measures[measure]

    def _mean(self, indicator: IndicatorRules, threshold: int, cells: FigureCells, wrong: OnError) -> FigureColumns:
        value, deviation, numerator, denominator, count, classes = cells
        # Almost every number was seen before.
        mean = self._values.get(value)
        bound = ""
        if mean is None:
            bound = value[0] if value.startswith(BOUNDS) else ""
            mean = self._value("waarde", value.removeprefix(bound), wrong)
        n = self._wholes.get(count)
        if n is None:
            n = self._whole("n", count, wrong)
        spread = self._values.get(deviation)
        if spread is None and deviation:
            spread = self._value("standaardafwijking", deviation, wrong)
            if spread is None:
                return None
        if (numerator or denominator or classes) and not self._empty(
            indicator, wrong, teller=numerator, noemer=denominator, verdeling=classes
        ):
            return None
        if mean is None or n is None:
            return None
        if n == 0:
            wrong("n", count, "hier hoort minstens 1")
            return None
        low, high = indicator.quantity.low, indicator.quantity.high
        if low is not None and high is not None:
            if not low <= mean <= high:
                wrong("waarde", value, f"{indicator.code} loopt van {low // MILLION} tot en met {high // MILLION}")
                return None
            if spread is not None and spread > high - low:
                wrong("standaardafwijking", deviation, f"dit kan hoogstens {(high - low) // MILLION} zijn")
                return None
        if bound:
            if deviation:
                wrong("standaardafwijking", deviation, "naast een grens hoort dit leeg te blijven")
                return None
            return self._bound(n, mean, bound)
        total, squares, spread_n = mean * n, 0, 0
        if spread is not None:
            squares, spread_n = n * (mean * mean + spread * spread), n
        public = publishable(Tally(n, n, total, squares, spread_n), indicator.quantity, threshold)
        return f"{n}\t{n}\t{total}\t{squares}\t{spread_n}\t0\t0\t{{}}\t{_public_columns(public)}"

    def _bound(self, n: int, mean: int, bound: str) -> str:
        self.as_exported += 1
        low_n, high_n = (n, 0) if bound == "<" else (0, n)
        return f"{n}\t{n}\t0\t0\t0\t0\t0\t{{}}\t{mean * n}\t{low_n}\t{high_n}\t0\t{{}}\tt"

    def _ratio(self, indicator: IndicatorRules, threshold: int, cells: FigureCells, wrong: OnError) -> FigureColumns:
        value, deviation, numerator, denominator, count, classes = cells
        part = self._wholes.get(numerator)
        if part is None:
            part = self._whole("teller", numerator, wrong)
        whole = self._wholes.get(denominator)
        if whole is None:
            whole = self._whole("noemer", denominator, wrong)
        asked = self._wholes.get(count)
        if asked is None and count:
            asked = self._whole("n", count, wrong)
            if asked is None:
                part = None
        right = not (deviation or classes) or self._empty(
            indicator, wrong, standaardafwijking=deviation, verdeling=classes
        )
        share = self._value("waarde", value, wrong) if value else None
        if share is not None and share > 100 * MILLION:
            wrong("waarde", value, "een aandeel is hoogstens 100 (procent)")
            right = False
        if part is None or whole is None or not right or (value and share is None):
            return None
        if whole == 0 or asked == 0:
            wrong("noemer" if whole == 0 else "n", denominator if whole == 0 else count, "hier hoort minstens 1")
            return None
        if part > whole:
            wrong("teller", numerator, f"de teller is groter dan de noemer ({denominator}): een aandeel boven 100%")
            return None
        if share is not None and not self._ties(share, part, whole, value):
            wrong("waarde", value, f"dit is niet het percentage van {part} op {whole}: laat het leeg of verbeter het")
            return None
        respondents = whole if asked is None or asked > whole else asked
        exact = Tally(respondents, asked or 0, numerator=part, denominator=whole)
        public = publishable(exact, indicator.quantity, threshold)
        return f"{respondents}\t{asked or 0}\t0\t0\t0\t{part}\t{whole}\t{{}}\t{_public_columns(public)}"

    def _count(self, indicator: IndicatorRules, threshold: int, cells: FigureCells, wrong: OnError) -> FigureColumns:
        value, deviation, numerator, denominator, count, classes = cells
        part = self._wholes.get(numerator)
        if part is None:
            part = self._whole("teller", numerator, wrong)
        whole = self._wholes.get(denominator)
        if whole is None and denominator:
            whole = self._whole("noemer", denominator, wrong)
            if whole is None:
                part = None
        if (value or deviation or count or classes) and not self._empty(
            indicator, wrong, waarde=value, standaardafwijking=deviation, n=count, verdeling=classes
        ):
            return None
        if part is None:
            return None
        if whole is not None and part > whole:
            wrong("teller", numerator, f"de teller is groter dan de noemer ({denominator})")
            return None
        public = publishable(Tally(part, numerator=part, denominator=whole or 0), indicator.quantity, threshold)
        return f"{part}\t0\t0\t0\t0\t{part}\t{whole or 0}\t{{}}\t{_public_columns(public)}"

    def _distribution(
        self, indicator: IndicatorRules, threshold: int, cells: FigureCells, wrong: OnError
    ) -> FigureColumns:
        value, deviation, numerator, denominator, count, classes = cells
        n = self._wholes.get(count)
        if n is None and count:
            n = self._whole("n", count, wrong)
        right = not (value or deviation or numerator or denominator) or self._empty(
            indicator, wrong, waarde=value, standaardafwijking=deviation, teller=numerator, noemer=denominator
        )
        if n != 0 and count and right and not plain(classes):
            return None if n is None else self._without_classes(n)
        try:
            counts = self._numbers.counts(classes)
        except NotANumber as error:
            wrong("verdeling", classes, f"{error}; hier horen aantallen per klasse, zoals 3|5|9|2|1")
            return None
        wanted = indicator.classes or len(counts)
        if len(counts) != wanted or not 2 <= len(counts) <= _MOST_CLASSES:
            wrong("verdeling", classes, f"hier horen {indicator.classes or 'minstens 2 en hoogstens 100'} klassen")
            return None
        total = sum(counts)
        if total == 0:
            wrong("verdeling", classes, "er is niemand geteld")
            return None
        if (count and n is None) or not right:
            return None
        if n is not None and n != total:
            wrong("n", count, f"de klassen tellen op tot {total}")
            return None
        public = publishable(Tally(total, total, histogram=counts), indicator.quantity, threshold)
        return f"{total}\t{total}\t0\t0\t0\t0\t0\t{_array(counts)}\t{_public_columns(public)}"

    def _without_classes(self, n: int) -> str:
        self.as_exported += 1
        return f"{n}\t{n}\t0\t0\t0\t0\t0\t{{}}\t0\t0\t0\t0\t{{}}\tt"

    def _value(self, column: str, text: str, wrong: OnError) -> int | None:
        try:
            return self._numbers.value(text)
        except NotANumber as error:
            wrong(column, text, str(error))
            return None

    def _whole(self, column: str, text: str, wrong: OnError) -> int | None:
        try:
            return self._numbers.whole(text)
        except NotANumber as error:
            wrong(column, text, str(error))
            return None

    def _ties(self, share: int, part: int, whole: int, written: str) -> bool:
        """Whether a percentage is what part of whole rounds to, in the decimals it has."""
        unit: int = 10 ** max(0, 6 - self._numbers.decimals(written))
        return 2 * abs(share * whole - 100 * MILLION * part) <= unit * whole

    @staticmethod
    def _empty(indicator: IndicatorRules, wrong: OnError, **cells: str) -> bool:
        right = True
        for column, text in cells.items():
            if plain(text):
                wrong(
                    column, text, f"{indicator.code} is {_NAMES[indicator.quantity.measure]}: dit hoort leeg te blijven"
                )
                right = False
        return right


def _public_columns(public: PublicTally | None) -> str:
    if public is None:
        return "\\N\t0\t0\t0\t{}\tf"
    classes = _array(public.histogram) if public.histogram else "{}"
    return f"{public.total}\t{public.low_n}\t{public.high_n}\t{public.detailed_n}\t{classes}\tf"


def _array(counts: Sequence[int]) -> str:
    return f"{{{','.join(map(str, counts))}}}"
