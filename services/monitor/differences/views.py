"""Answers about what changed between two editions."""

from shared.contracts.vocabulary import AggregateKind, SourceKind
from shared.http.bodies import View

from ..history.views import MoveView, Sums


class Difference(View):
    """A figure that is not the same in both editions. `explanation` is where the lines that moved it are."""

    kind: AggregateKind
    code: str
    source: SourceKind
    area: str
    period: str
    before: Sums
    after: Sums
    change: Sums
    mean_difference: float | None
    share_difference: float | None
    explanation: str | None


class Differences(View):
    """A page of figures that changed. `sumsExactly` was computed: before and its lines are after, for each of them."""

    older: str
    newer: str
    sums_exactly: bool
    items: list[Difference]
    next: str | None


class Lines(View):
    """A page of the lines that came or went, in order of publication, with the events that caused it."""

    older: str
    newer: str
    items: list[MoveView]
    next: str | None
