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
from ..figure.estimate import END, FINEST, NO_ESTIMATE, Estimate, estimate, format_value
from ..figure.periods import PeriodKind, containing, first_day, kind_of, last_day
from ..figure.public import PublicTally
from ..figure.quantity import Quantity
from ..indicators.domain import Indicator
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
        return next((row for row in self.rows if row.estimate is not NO_ESTIMATE), self.rows[0])


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
    periods: dict[str, dict[str, PublicTally]] = defaultdict(dict)
    for cell, tally in await figures.list_cells(connection, wanted, None, _MOST):
        periods[cell.period][cell.area] = tally
    if not periods:
        return None
    measure = indicator.measure
    rows = _rows(geography, asked, indicator.quantity, periods)
    points = [_point(row, indicator, last) for last, row in zip([None, *rows], rows, strict=False)]
    drawn = trend(points, FINEST[measure], partial(format_value, measure), END.get(measure))
    told = [row for row in reversed(rows) if row.reason or row.estimate is not NO_ESTIMATE]
    return TrendSeries(id_, indicator, source, drawn, _summary(told, measure), told) if told else None


def _rows(
    geography: Geography, asked: TrendQuestion, quantity: Quantity, periods: Mapping[str, Mapping[str, PublicTally]]
) -> list[TrendRow]:
    """Every period from the first to the last of which something is known, oldest first, the last ones only."""
    names = []
    period, last = min(periods), max(periods)
    while period <= last:
        names.append(period)
        period = containing(kind_of(period), last_day(period) + timedelta(days=1))
    return [_row(geography, asked, quantity, name, periods.get(name, {})) for name in names[-LONGEST[asked.kind] :]]


def _row(
    geography: Geography, asked: TrendQuestion, quantity: Quantity, period: str, published: Mapping[str, PublicTally]
) -> TrendRow:
    if asked.division is None or not published:
        return TrendRow(period, estimate(quantity, published.get(asked.area)))
    made = geography.recalculated(asked.area, asked.division, period, published)
    if made is None:
        return TrendRow(period, NO_ESTIMATE)
    if isinstance(made, NotRecalculable):
        return TrendRow(period, NO_ESTIMATE, reason=made.reason)
    return TrendRow(
        period, estimate(quantity, made.tally), None if made.parts == (asked.area,) else geography.names(made.parts)
    )


def _point(row: TrendRow, indicator: Indicator, previous: TrendRow | None) -> TrendPoint:
    """A period of the chart; it begins anew when it is measured otherwise than the one before."""
    anew = None
    if previous is not None:
        since, until = first_day(previous.period), first_day(row.period)
        anew = next((v.title for v in indicator.versions if not v.comparable and since < v.valid_from <= until), None)
    found, period = row.estimate, row.period
    said = f"{words.period_name(period)}: {words.value(indicator.measure, found)}"
    return TrendPoint(period, words.period_label(period), found.value, found.low, found.high, anew, said)


def _summary(rows: list[TrendRow], measure: Measure) -> str:
    """What one sees in the chart."""
    known = [row for row in reversed(rows) if row.estimate.value is not None]
    if not known:
        return "Er is geen cijfer om te tekenen."

    def said(row: TrendRow) -> str:
        return words.value(measure, row.estimate)

    def when(row: TrendRow) -> str:
        return words.period_name(row.period)

    first, last = known[0], known[-1]
    if len(known) == 1:
        return f"Het enige cijfer is {said(last)}, over {when(last)}."
    low, high = min(known, key=_value), max(known, key=_value)
    return (
        f"{len(known)} cijfers, van {said(first)} over {when(first)} naar {said(last)} over {when(last)}. "
        f"Het laagste is {said(low)} over {when(low)}, het hoogste {said(high)} over {when(high)}."
    )


def _value(row: TrendRow) -> Decimal:
    return row.estimate.value or Decimal()
