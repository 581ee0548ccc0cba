"""What a goal is judged by: published figures, or what we count ourselves."""

from datetime import date
from fractions import Fraction

from shared.contracts.vocabulary import Measure, Phase
from shared.database import Connection

from ...figure.periods import first_day, last_day
from ...figure.tally import MILLION, Tally
from ...indicators.register import versions
from ...published import figures
from ...published.figures import PublicSums
from . import store
from .domain import (
    NO_BASELINE,
    NO_FIGURE,
    NO_MEASURE,
    NOTHING_RECORDED,
    PHASES,
    Count,
    Facts,
    Goal,
    GoalSeries,
    Unknown,
    Value,
    incomparable,
    value_of,
)
from .programme import Programme, Side, pooled_tally

_STOPPED = PHASES.index(Phase.STOPPED)


async def facts_of(connection: Connection, goal: Goal, measure: Measure, programme: Programme, today: date) -> Facts:
    """The facts of a goal. What lies past its due date does not count."""
    if goal.series is not None:
        return await _of_figure(connection, goal, goal.series, measure, programme)
    day = min(today, goal.due or today)
    measured = NO_MEASURE if goal.counts is None else await _counted(connection, goal, goal.counts, programme, day)
    return Facts(measured, _stated(goal), None, len(programme.existing(day)))


async def _counted(connection: Connection, goal: Goal, counts: Count, programme: Programme, day: date) -> Value:
    counted = await store.count(connection, counts, goal, _STOPPED)
    if counted is None:
        return NOTHING_RECORDED
    if counts is Count.MUNICIPALITIES:
        return Fraction(programme.covered(await store.outcome_areas(connection, goal), day))
    return Fraction(counted)


async def _of_figure(
    connection: Connection, goal: Goal, series: GoalSeries, measure: Measure, programme: Programme
) -> Facts:
    due = goal.due or date.max
    public = await figures.public_sums(
        connection,
        series.indicator,
        series.source,
        [series.area] if series.area else programme.municipalities,
        [period for period in (series.period, goal.baseline_period) if period],
        "" if series.period else f"{due.year:04d}",
    )
    period, measured = _newest(public, series, measure, programme)
    baseline = _stated(goal)
    if goal.baseline_period is not None:
        # Of the towns as they stand in the measured period.
        baseline = value_of(total(public, series.area, goal.baseline_period, period, programme), measure)
        baseline = NO_BASELINE if isinstance(baseline, Unknown) else baseline
    return Facts(
        measured,
        baseline,
        period,
        len(programme.existing(min(due, last_day(period)) if period else due)),
        incomparable(await versions(connection, series.indicator), goal.baseline_period, period),
    )


def _newest(public: PublicSums, series: GoalSeries, measure: Measure, programme: Programme) -> tuple[str | None, Value]:
    """The period of the goal, or the newest year of which something is public; and the value."""
    years = sorted({period for _, period in public if len(period) == len("2019")}, reverse=True)
    for period in [series.period] if series.period else years:
        value = value_of(total(public, series.area, period, None, programme), measure)
        if value != NO_FIGURE:
            return period, value
    return series.period, NO_FIGURE


def total(public: PublicSums, area: str | None, period: str, later: str | None, programme: Programme) -> Tally:
    """Published sums of an area, or without one of the towns of the programme, as they stand in a later period."""
    tallies = {code: tally for (code, of), tally in public.items() if of == period}
    if area is not None:
        return pooled_tally(tallies, [area]).tally
    sides = programme.sides(first_day(period), first_day(later) if later else None)
    return pooled_tally(tallies, [code for code, side in sides.items() if side is Side.INSIDE]).tally


def _stated(goal: Goal) -> Value:
    return NO_BASELINE if goal.baseline_millionths is None else Fraction(goal.baseline_millionths, MILLION)
