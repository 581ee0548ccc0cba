"""Towns in the programme beside those outside it: never without the warning that this is no proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.contracts.vocabulary import Measure, SourceKind
from shared.database import Connection
from shared.web.dutch import by_name

from ...figure.periods import first_day
from ...figure.public import PublicTally
from ...figure.quantity import Quantity
from ...indicators.register import require
from ...published import figures
from ..goals import register
from ..goals.domain import FigureValue, Unknown, difference, incomparable, value_of
from ..goals.programme import LEFT_OUT, WARNING, PooledTally, Programme, Side, pooled_tally
from ..goals.views import value_view
from . import views

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
    public = await figures.public_sums(connection, indicator, source, programme.municipalities, wanted, "")
    return [_sides(public, programme, period, last) for period in wanted]


def _sides(public: figures.PublicSums, programme: Programme, period: str, last: str) -> Sides:
    tallies = {code: tally for (code, of), tally in public.items() if of == period}
    of = programme.sides(first_day(period), first_day(last))
    inside, outside = (
        pooled_tally(tallies, [code for code, side in of.items() if side is wanted])
        for wanted in (Side.INSIDE, Side.OUTSIDE)
    )
    return Sides(period, inside, outside, of)


async def comparison(
    connection: Connection, indicator: str, source: SourceKind, period: str, since: str | None
) -> views.Comparison:
    """Both sides in a period, and with `since` how each changed."""
    known = await require(connection, indicator)
    quantity = known.quantity
    programme = await register.programme(connection)
    found = await sides_of(connection, programme, indicator, source, [period, *([since] if since else [])], period)
    now, before = found[0], found[1] if since else None
    reason = incomparable(known.versions, since, period)
    notes = []
    if before and (before.inside.areas, before.outside.areas) != (now.inside.areas, now.outside.areas):
        notes.append(_ELSEWHERE)
    return views.Comparison(
        indicator=indicator,
        name=known.name,
        source=source,
        now=_period(now, quantity, programme),
        before=_period(before, quantity, programme) if before else None,
        autonomous_trend=value_view(reason or change(before.outside, now.outside, quantity)) if before else None,
        change_inside=value_view(reason or change(before.inside, now.inside, quantity)) if before else None,
        left_out=[
            views.LeftOut(code=code, name=programme.municipalities[code].name, reason=LEFT_OUT[side])
            for code, side in sorted(now.of.items())
            if side in LEFT_OUT
        ],
        warning=WARNING,
        notes=notes,
    )


def change(before: PooledTally, after: PooledTally, quantity: Quantity) -> FigureValue:
    """From one value to the other."""
    old, new = value_of(before.tally, quantity), value_of(after.tally, quantity)
    return old if isinstance(old, Unknown) else difference(new, old)


def _period(sides: Sides, quantity: Quantity, programme: Programme) -> views.ComparisonPeriod:
    measure = quantity.measure
    inside, outside = value_of(sides.inside.tally, quantity), value_of(sides.outside.tally, quantity)
    gap = difference(inside, outside)
    if measure is Measure.COUNT and not isinstance(gap, Unknown):
        gap = _COUNTS
    return views.ComparisonPeriod(
        period=sides.period,
        inside=_side(sides, Side.INSIDE, sides.inside, inside, measure, programme),
        outside=_side(sides, Side.OUTSIDE, sides.outside, outside, measure, programme),
        difference=value_view(gap),
    )


def _side(
    sides: Sides, side: Side, found: PooledTally, value: FigureValue, measure: Measure, programme: Programme
) -> views.SideView:
    def named(codes: Iterable[str]) -> list[views.AreaName]:
        towns = [views.AreaName(code=code, name=programme.municipalities[code].name) for code in codes]
        return sorted(towns, key=lambda town: by_name(town.name))

    return views.SideView(
        value=value_view(value),
        n=_n(found.tally, measure),
        areas=named(found.areas),
        without_figure=named({code for code, of in sides.of.items() if of is side} - set(found.areas)),
    )


def _n(tally: PublicTally, measure: Measure) -> int:
    return tally.denominator if measure is Measure.RATIO else tally.numerator if measure is Measure.COUNT else tally.n
