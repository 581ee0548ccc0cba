"""Towns in the programme beside those outside it: never without the warning that this is no proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.contracts.vocabulary import Measure, SourceKind
from shared.database import Connection
from shared.refusals import NotFound

from ..periods import first_day
from ..tally import Tally
from . import comparison_views, store, views
from .domain import Unknown, Value, incomparable, value_of
from .programme import LEFT_OUT, WARNING, PooledTally, Programme, Side, pooled_tally

_COUNTS = Unknown("aantallen van groepen gemeenten zijn zonder inwonertal niet vergelijkbaar")
_ELSEWHERE = "Niet dezelfde gemeenten hebben in beide perioden een cijfer: de verandering kan ook daarvan komen."


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides in a period."""

    period: str
    inside: PooledTally
    outside: PooledTally
    of: Mapping[str, Side]


async def sides_of(
    connection: Connection, programme: Programme, indicator: str, source: SourceKind, periods: Iterable[str], last: str
) -> list[Sides]:
    """Both sides in each period, of the towns as they stand in the last one."""
    wanted = list(periods)
    public = await store.published(connection, indicator, source, programme.municipalities, wanted, "")
    return [_sides(public, programme, period, last) for period in wanted]


def _sides(public: store.PublicSums, programme: Programme, period: str, last: str) -> Sides:
    tallies = {code: tally for (code, of), tally in public.items() if of == period}
    of = programme.sides(first_day(period), first_day(last))
    inside, outside = (
        pooled_tally(tallies, [code for code, side in of.items() if side is wanted])
        for wanted in (Side.INSIDE, Side.OUTSIDE)
    )
    return Sides(period, inside, outside, of)


async def comparison(
    connection: Connection, indicator: str, source: SourceKind, period: str, since: str | None
) -> comparison_views.Comparison:
    """Both sides in a period, and with `since` how each changed."""
    row = await store.indicator(connection, indicator)
    if row is None:
        raise NotFound("unknown-indicator", f"Er is geen indicator {indicator}.")
    measure = Measure(row["measure"])
    programme = await store.programme(connection)
    found = await sides_of(connection, programme, indicator, source, [period, *([since] if since else [])], period)
    now, before = found[0], found[1] if since else None
    reason = incomparable(await store.versions(connection, indicator), since, period)
    notes = []
    if before and (before.inside.areas, before.outside.areas) != (now.inside.areas, now.outside.areas):
        notes.append(_ELSEWHERE)
    return comparison_views.Comparison(
        indicator=indicator,
        name=row["name_nl"],
        source=source,
        now=_period(now, measure, programme),
        before=_period(before, measure, programme) if before else None,
        autonomous_trend=views.value_view(reason or change(before.outside, now.outside, measure)) if before else None,
        change_inside=views.value_view(reason or change(before.inside, now.inside, measure)) if before else None,
        left_out=[
            comparison_views.LeftOut(code=code, name=programme.municipalities[code].name, reason=LEFT_OUT[side])
            for code, side in sorted(now.of.items())
            if side in LEFT_OUT
        ],
        warning=WARNING,
        notes=notes,
    )


def change(before: PooledTally, after: PooledTally, measure: Measure) -> Value:
    """From one value to the other."""
    old, new = value_of(before.tally, measure), value_of(after.tally, measure)
    if isinstance(old, Unknown):
        return old
    return new if isinstance(new, Unknown) else new - old


def _period(sides: Sides, measure: Measure, programme: Programme) -> comparison_views.ComparisonPeriod:
    inside, outside = value_of(sides.inside.tally, measure), value_of(sides.outside.tally, measure)
    difference: Value
    if isinstance(inside, Unknown):
        difference = inside
    elif isinstance(outside, Unknown):
        difference = outside
    else:
        difference = _COUNTS if measure is Measure.COUNT else inside - outside
    return comparison_views.ComparisonPeriod(
        period=sides.period,
        inside=_side(sides, Side.INSIDE, sides.inside, inside, measure, programme),
        outside=_side(sides, Side.OUTSIDE, sides.outside, outside, measure, programme),
        difference=views.value_view(difference),
    )


def _side(
    sides: Sides, side: Side, found: PooledTally, value: Value, measure: Measure, programme: Programme
) -> comparison_views.SideView:
    def named(codes: Iterable[str]) -> list[comparison_views.AreaName]:
        return [
            comparison_views.AreaName(code=code, name=programme.municipalities[code].name) for code in sorted(codes)
        ]

    return comparison_views.SideView(
        value=views.value_view(value),
        n=_n(found.tally, measure),
        areas=named(found.areas),
        without_figure=named({code for code, of in sides.of.items() if of is side} - set(found.areas)),
    )


def _n(tally: Tally, measure: Measure) -> int:
    return tally.denominator if measure is Measure.RATIO else tally.numerator if measure is Measure.COUNT else tally.n
