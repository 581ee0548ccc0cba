"""What a row is held against: indicators with their versions, areas through time, and what was there before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.contracts.vocabulary import AreaLevel, Measure

from ...areas.geography import Geography
from ...figure.periods import PeriodKind, kind_of
from ...figure.tally import MILLION


@dataclass(frozen=True, slots=True)
class Validity:
    """How an indicator is measured from a day on; until another day, when there is a later version."""

    valid_from: date | None
    valid_until: date | None

    def overlaps(self, start: date, end: date) -> bool:
        """Whether it was in force on some day from `start` until `end`."""
        return (self.valid_from is None or self.valid_from < end) and (
            self.valid_until is None or start < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class IndicatorRules:
    """An indicator. `scale` is the lowest and highest value in millionths, where its unit is a scale."""

    code: str
    measure: Measure
    scale: tuple[int, int] | None
    versions: Mapping[int, Validity]


@dataclass(slots=True, eq=False)
class ObservationYear:
    """One indicator and source in one year: of months, quarters or years, never mixed."""

    kind: PeriodKind | None = None


@dataclass(slots=True, eq=False)
class ObservationSeries:
    """One indicator and source in one period: of one level of area, never mixed. `fresh` when this file began it."""

    period: str
    year: ObservationYear
    level: AreaLevel | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Codebook:
    """Everything the monitor knows that a row must agree with. Only the series grow, as rows are checked.

    `earlier` are those of earlier files, by indicator and source: `2019 municipality,2020 municipality`. Each is read
    when a row first asks: a file is about few of all there are.
    """

    indicators: Mapping[str, IndicatorRules]
    geography: Geography
    thresholds: Mapping[str, int]
    today: date
    earlier: dict[tuple[str, str], str] = field(default_factory=dict)
    _years: dict[tuple[str, str, str], ObservationYear] = field(default_factory=dict)
    _series: dict[tuple[str, str, str], ObservationSeries] = field(default_factory=dict)

    def series(self, indicator: str, source: str, period: str) -> ObservationSeries:
        """The series of a period."""
        if there := self.earlier.pop((indicator, source), ""):
            for one in there.split(","):
                known, level = one.split(" ")
                series = self._new(indicator, source, known)
                series.level, series.year.kind = AreaLevel(level), kind_of(known)
        return self._series.get((indicator, source, period)) or self._new(indicator, source, period)

    def _new(self, indicator: str, source: str, period: str) -> ObservationSeries:
        year = self._years.setdefault((indicator, source, period[:4]), ObservationYear())
        series = self._series[indicator, source, period] = ObservationSeries(period, year)
        return series

    def begun(self) -> list[tuple[str, str, str, str]]:
        """Indicator, source, period and level of the series that this file began."""
        return [(*key, str(series.level)) for key, series in self._series.items() if series.fresh]


def scale_of(unit: str) -> tuple[int, int] | None:
    """Lowest and highest of `score-1-5` in millionths; None when the unit is no scale."""
    parts = unit.split("-")
    if len(parts) == 3 and parts[0] == "score" and parts[1].isdecimal() and parts[2].isdecimal():
        return int(parts[1]) * MILLION, int(parts[2]) * MILLION
    return None
