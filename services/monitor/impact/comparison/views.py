"""Answers about towns in the programme beside those outside it."""

from shared.contracts.vocabulary import SourceKind
from shared.http.bodies import View

from ..goals.views import ValueView


class AreaName(View):
    """A municipality."""

    code: str
    name: str


class LeftOut(AreaName):
    """A municipality on neither side, and why."""

    reason: str


class SideView(View):
    """The towns of a side that have a public figure, together. `n` counts values, for a ratio its denominator."""

    value: ValueView
    n: int
    areas: list[AreaName]
    without_figure: list[AreaName]


class ComparisonPeriod(View):
    """Both sides in a period. `difference` is inside minus outside."""

    period: str
    inside: SideView
    outside: SideView
    difference: ValueView


class Comparison(View):
    """Towns in the programme beside those outside it. `warning` is never absent.

    With `since`, `autonomousTrend` is the change outside the programme between the two periods, and `changeInside` that
    within; neither is the effect of the programme.
    """

    indicator: str
    name: str
    source: SourceKind
    now: ComparisonPeriod
    before: ComparisonPeriod | None
    autonomous_trend: ValueView | None
    change_inside: ValueView | None
    left_out: list[LeftOut]
    warning: str
    notes: list[str]
