"""The trends of an area: charts and the rows beside them, an indicator from one kind of source at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

from shared.contracts.vocabulary import AggregateKind, Measure, SourceKind
from shared.database import Connection

from ..areas.geography import Geography, NotRecalculable
from ..charts.trend import Trend, TrendPoint, trend
from ..figure.estimate import END, FINEST, NOTHING_PUBLIC, Estimate, estimate, format_value
from ..figure.periods import PeriodKind, containing, first_day, kind_of, last_day
from ..figure.tally import Tally
from ..indicators.domain import Indicator, IndicatorVersion
from ..published import figures
from ..published.domain import Filters
from . import words

#: How far back a chart goes.
LONGEST = {PeriodKind.YEAR: 25, PeriodKind.QUARTER: 20, PeriodKind.MONTH: 24}
#: More figures than a series has, in the municipalities that merged into one.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class TrendQuestion:
    """Which area, by periods of which length, and in the division of which year."""

    area: str
    kind: PeriodKind
    division: int | None

    def areas(self, geography: Geography) -> Sequence[str]:
        """Those whose figures may be part of it."""
        return [self.area] if self.division is None else sorted(geography.candidates(self.area, self.division))


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A period: its figure, of which areas it is the sum, or why there is none."""

    period: str
    estimate: Estimate
    parts: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TrendSeries:
    """An indicator from one kind of source: a chart with its words, and the same figures as rows, the newest first."""

    id: str
    indicator: Indicator
    source: SourceKind
    trend: Trend | None
    summary: str
    rows: list[TrendRow]

    @property
    def newest(self) -> TrendRow:
        """The newest period with a figure, else the newest."""
        return next((row for row in self.rows if row.estimate is not NOTHING_PUBLIC), self.rows[0])


async def trend_series(
    connection: Connection,
    asked: TrendQuestion,
    geography: Geography,
    indicator: Indicator,
    source: SourceKind,
    id_: str,
) -> TrendSeries | None:
    """An indicator from one kind of source; None when nothing of it is public."""
    wanted = Filters(
        AggregateKind.INDICATOR,
        indicator.code,
        area=asked.areas(geography),
        source=source,
        period_kind=asked.kind,
    )
    periods: dict[str, dict[str, Tally]] = defaultdict(dict)
    for cell, tally in await figures.list_cells(connection, wanted, None, _MOST):
        periods[cell.period][cell.area] = tally
    if not periods:
        return None
    rows = _rows(geography, asked, indicator.measure, periods)
    points = [_point(row, indicator.versions, last) for last, row in zip([None, *rows], rows, strict=False)]
    drawn = trend(
        points, FINEST[indicator.measure], partial(format_value, indicator.measure), END.get(indicator.measure)
    )
    told = [row for row in reversed(rows) if row.reason or row.estimate is not NOTHING_PUBLIC]
    return TrendSeries(id_, indicator, source, drawn, _summary(told, indicator.measure), told) if told else None


def _rows(
    geography: Geography, asked: TrendQuestion, measure: Measure, periods: Mapping[str, Mapping[str, Tally]]
) -> list[TrendRow]:
    """Every period from the first to the last of which something is known, oldest first, the last ones only."""
    names = []
    period, last = min(periods), max(periods)
    while period <= last:
        names.append(period)
        period = containing(kind_of(period), last_day(period) + timedelta(days=1))
    return [_row(geography, asked, measure, name, periods.get(name, {})) for name in names[-LONGEST[asked.kind] :]]


def _row(
    geography: Geography, asked: TrendQuestion, measure: Measure, period: str, published: Mapping[str, Tally]
) -> TrendRow:
    if asked.division is None or not published:
        return TrendRow(period, estimate(measure, published.get(asked.area)))
    made = geography.recalculated(asked.area, asked.division, period, published)
    if made is None:
        return TrendRow(period, NOTHING_PUBLIC)
    if isinstance(made, NotRecalculable):
        return TrendRow(period, NOTHING_PUBLIC, reason=made.reason)
    return TrendRow(
        period, estimate(measure, made.tally), None if made.parts == (asked.area,) else geography.names(made.parts)
    )


def _point(row: TrendRow, versions: tuple[IndicatorVersion, ...], previous: TrendRow | None) -> TrendPoint:
    """A period of the chart; it begins anew when it is measured otherwise than the one before."""
    anew = None
    if previous is not None:
        since, until = first_day(previous.period), first_day(row.period)
        anew = next((v.title for v in versions if not v.comparable and since < v.valid_from <= until), None)
    return TrendPoint(
        row.period, words.period_label(row.period), row.estimate.value, row.estimate.low, row.estimate.high, anew
    )


def _summary(rows: list[TrendRow], measure: Measure) -> str:
    """What one sees in the chart."""
    known: list[tuple[Decimal, str]] = [
        (row.estimate.value, words.period_name(row.period)) for row in reversed(rows) if row.estimate.value is not None
    ]
    if not known:
        return "Er is geen cijfer om te tekenen."
    (first, since), (last, until) = known[0], known[-1]
    write = partial(format_value, measure)
    if len(known) == 1:
        return f"Het enige cijfer is {write(last)}, over {until}."
    (low, lowest), (high, highest) = min(known, key=_value), max(known, key=_value)
    return (
        f"{len(known)} cijfers, van {write(first)} over {since} naar {write(last)} over {until}. "
        f"Het laagste is {write(low)} over {lowest}, het hoogste {write(high)} over {highest}."
    )


def _value(known: tuple[Decimal, str]) -> Decimal:
    return known[0]
