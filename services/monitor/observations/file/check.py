"""The check of one row: everything that is wrong with it at once, or the line of COPY it becomes.

The common case is met by what was remembered of earlier rows; only what is new is looked at closely.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import TypeVar

from shared.contracts.vocabulary import AreaLevel, SourceKind

from ...areas.domain import Area
from ...figure.periods import PeriodKind, first_day, is_period, kind_of, last_day
from .codebook import Codebook, IndicatorRules, ObservationSeries
from .figures import Figures, ReadFigure, quiet
from .layout import SOURCES, Broken, FileRow, Reader, Wrong, excerpt
from .texts import Codes, misread, plain

_MOST_KEPT = 50_000
_UTF_8 = "dit is geen UTF-8: sla het hele bestand op als UTF-8"
_MISREAD = "hier stond {!r}: het bestand is als Windows-1252 gelezen en opnieuw opgeslagen. Lever het van daarvoor"
_OF_ITS_TIME = "Lever cijfers in de indeling van hun periode: de monitor rekent ze zelf om"
_PERIOD = "hier hoort een jaar, kwartaal of maand: 2019, 2019-Q1 of 2019-03"
_DATE = "een rekenblad heeft hier een datum van gemaakt: maak de cel tekst, en schrijf 2019, 2019-Q1 of 2019-03"
#: `mrt-24`, `1-3-2024`, `2024-03-01`.
_AS_DATE = re.compile(r"[A-Z]{3,9}[.]?[- ]\d\d(\d\d)?|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}", re.ASCII)
_PERIODS = {PeriodKind.YEAR: "jaar", PeriodKind.QUARTER: "kwartaal", PeriodKind.MONTH: "maand"}
_LEVELS = {
    AreaLevel.NEIGHBOURHOOD: "wijken",
    AreaLevel.MUNICIPALITY: "gemeenten",
    AreaLevel.REGION: "regio's",
    AreaLevel.PROVINCE: "de provincie",
}
#: Of a row: indicator, version, period, source and method; area, division and period.
_what_of = itemgetter(0, 1, 4, 5, 6)
_where_of = itemgetter(2, 3, 4)
K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True, eq=False)
class _What:
    """What a row tells about: an indicator in a version, from a source, in a period, by a method.

    `threshold` is the fewest people that a figure from the source is public of.
    """

    indicator: IndicatorRules
    source: SourceKind
    threshold: int
    series: ObservationSeries
    read: ReadFigure
    text: str


@dataclass(slots=True, eq=False)
class _Where:
    """Where a row tells about: an area in the division of a year, in a period."""

    level: AreaLevel
    text: str


class Checker:
    """Checks the rows of one file in order. What it found wrong of a row is in `wrong` until the next."""

    def __init__(self, known: Codebook, reader: Reader) -> None:
        self._known = known
        self._indicators, self._areas = Codes(known.indicators), Codes(known.geography.areas)
        self._methods, self._sources = Codes(known.methods), Codes(SOURCES)
        self._figures = Figures(reader.mark, reader.because)
        self._whats: dict[tuple[str, ...], _What] = {}
        self._wheres: dict[tuple[str, ...], _Where] = {}
        self.wrong: list[Wrong] = []
        #: What occurs in rows that are right.
        self.indicators: set[str] = set()
        self.sources: set[str] = set()
        self.years: set[tuple[str, str, str]] = set()

    def check(self, line: int, row: FileRow | Broken) -> str | None:
        """The row as a line of COPY; None when something is wrong with it."""
        if isinstance(row, Broken):
            self.wrong = [Wrong(line, *each) for each in row.wrong]
            return None
        what = self._whats.get(_what_of(row))
        where = self._wheres.get(_where_of(row))
        if what is not None and where is not None and what.series.level is where.level:
            figure = what.read(what.indicator, what.threshold, row[7:], quiet)
            if figure is not None:
                return f"{line}\t{what.text}\t{where.text}\t{figure}\n"
        return self._look(line, row)

    @property
    def thresholds(self) -> Mapping[str, int]:
        """The fewest respondents per source."""
        return self._known.thresholds

    @property
    def indicator_rules(self) -> Mapping[str, IndicatorRules]:
        """Every indicator by its code."""
        return self._known.indicators

    @property
    def as_exported(self) -> int:
        """How many rows were read that say no more than an export does: see figures.py."""
        return self._figures.as_exported

    def begun(self) -> list[tuple[str, str, str, str]]:
        """The series of which this file is the first."""
        return self._known.begun()

    def _look(self, line: int, row: FileRow) -> str | None:
        """The same, of a row with something new in it or something wrong."""
        self.wrong = []
        indicator, version, area, geography, period, source, method, *cells = map(plain, row)
        period = period.upper()
        wrong = _Pen(line, self.wrong)
        what, definition = self._what(indicator, version, source, period, wrong)
        where = self._where(area, geography, period, wrong)
        how = self._how(method, wrong)
        figure = None
        if definition is not None:
            threshold = self._known.thresholds.get(SOURCES.get(self._sources.find(source) or "", ""), 0)
            figure = self._figures.of(definition.quantity.measure)(definition, threshold, cells, wrong)
        if what is None or where is None or how is None or figure is None or self.wrong:
            return None
        what.text += f"\t{how}"
        if what.series.level is not where.level and not self._begin(what.series, where.level, period, wrong):
            return None
        _remember(self._whats, _what_of(row), what)
        _remember(self._wheres, _where_of(row), where)
        self.indicators.add(what.indicator.code)
        self.sources.add(what.source)
        self.years.add((what.indicator.code, what.source, period[:4]))
        return f"{line}\t{what.text}\t{where.text}\t{figure}\n"

    def _what(
        self, indicator: str, version: str, source: str, period: str, wrong: "_Pen"
    ) -> tuple[_What | None, IndicatorRules | None]:
        definition = self._known.indicators.get(self._indicators.find(indicator) or "")
        if definition is None:
            wrong("indicator", indicator, "deze indicator is er niet")
        kind = SOURCES.get(self._sources.find(source) or "")
        if kind is None:
            wrong("bron", source, f"deze bron is er niet: kies uit {', '.join(SOURCES)}")
        days = self._days(period, wrong)
        if definition is not None:
            self._version(definition, version, days, wrong)
        if definition is None or kind is None or days is None:
            return None, definition
        series = self._known.series(definition.code, kind, period)
        text = f"{definition.code}\t{version}\t{kind}"
        read = self._figures.of(definition.quantity.measure)
        return _What(definition, kind, self._known.thresholds[kind], series, read, text), definition

    def _days(self, period: str, wrong: "_Pen") -> tuple[date, date] | None:
        if not is_period(period):
            wrong("periode", period, _DATE if _AS_DATE.fullmatch(period) else _PERIOD)
            return None
        days = first_day(period), last_day(period) + timedelta(days=1)
        if days[0] > self._known.today:
            wrong("periode", period, "deze periode moet nog beginnen")
            return None
        return days

    def _version(self, definition: IndicatorRules, version: str, days: tuple[date, date] | None, wrong: "_Pen") -> None:
        number = int(version) if version.isascii() and version.isdecimal() and len(version) < 6 else None
        found = None if number is None else definition.versions.get(number)
        if found is None or str(number) != version:
            there = ", ".join(str(number) for number in definition.versions)
            wrong("versie", version, f"deze versie van {definition.code} is er niet: kies uit {there}")
        elif days is not None and not found.overlaps(*days):
            until = f" tot {found.valid_until}" if found.valid_until else ""
            since = f" vanaf {found.valid_from}" if found.valid_from else ""
            wrong("versie", version, f"deze versie geldt{since}{until}, en dus niet in deze periode")

    def _where(self, area: str, geography: str, period: str, wrong: "_Pen") -> _Where | None:
        found = self._known.geography.areas.get(self._areas.find(area) or "")
        if found is None:
            wrong("gebied", area, "dit gebied is er niet: hier hoort een code zoals GM0794")
        if not (geography.isascii() and geography.isdecimal() and len(geography) == 4 and geography >= "1900"):
            wrong("indeling", geography, "hier hoort het jaar van de gemeentelijke indeling, zoals 2019")
            return None
        if found is None or not is_period(period):
            return None
        wanted = date(int(geography), 1, 1)
        if not found.exists(wanted):
            wrong("gebied", area, f"dit gebied is er niet in de indeling van {geography}: {_life(found)}")
        elif not found.exists(first_day(period)):
            wrong(
                "gebied",
                area,
                f"dit gebied was er niet in {period}: {_life(found)}. {_OF_ITS_TIME}",
            )
        elif (other := self._known.geography.misplaced(found.code, int(geography), period)) is not None:
            wrong("indeling", geography, f"{other.reason}. {_OF_ITS_TIME}")
        return _Where(found.level, f"{found.code}\t{geography}\t{period}")

    def _how(self, method: str, wrong: "_Pen") -> str | None:
        if (found := self._methods.find(method)) is not None:
            return found
        known = f"kies uit {', '.join(self._known.methods)}" if self._known.methods else "er is nog geen enkele"
        wrong("methode", method, f"deze methode is er niet: {known}")
        return None

    def _begin(self, series: ObservationSeries, level: AreaLevel, period: str, wrong: "_Pen") -> bool:
        if series.level is not None:
            wrong(
                "gebied",
                None,
                f"voor deze indicator, bron en periode zijn er cijfers van {_LEVELS[series.level]}, dit is er een van "
                f"{_LEVELS[level]}: lever één niveau, de niveaus erboven worden daaruit berekend",
            )
            return False
        kind = kind_of(period)
        if series.year.kind is not None and series.year.kind != kind:
            wrong(
                "periode",
                period,
                f"voor deze indicator en bron zijn er in {period[:4]} cijfers per {_PERIODS[series.year.kind]}, dit is "
                f"er een per {_PERIODS[kind]}: lever één soort periode, langere worden daaruit berekend",
            )
            return False
        series.level, series.year.kind, series.fresh = level, kind, True
        return True


class _Pen:
    """Writes down what is wrong with a row."""

    def __init__(self, line: int, wrong: list[Wrong]) -> None:
        self._line, self._wrong = line, wrong

    def __call__(self, column: str, value: str | None, reason: str) -> None:
        if value is not None and not value.isascii():
            reason = _because_of_encoding(value) or reason
        self._wrong.append(Wrong(self._line, column, None if value is None else excerpt(value), reason))


def _because_of_encoding(value: str) -> str | None:
    # Bytes that are in no encoding were read as lone surrogates.
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return _UTF_8
    meant = misread(value)
    return None if meant is None else _MISREAD.format(excerpt(meant))


def _life(area: Area) -> str:
    until = f" tot {area.valid_until}" if area.valid_until else ""
    return f"het bestaat vanaf {area.valid_from}{until}"


def _remember(memo: dict[K, V], key: K, value: V) -> None:
    if len(memo) >= _MOST_KEPT:
        memo.clear()
    memo[key] = value
