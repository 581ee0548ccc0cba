"""Which public figures to list, in which order, and what a list has of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..figure.cells import PublicCell
from ..figure.periods import PeriodKind, first_within, last_within
from ..figure.tally import Tally

#: What lists are sorted by.
ORDER = ("kind", "code", "source", "period", "area")


#: A cell's place in every list, in that order.
ListPlace = tuple[str, str, str, str, str]


class PublishedFigure(NamedTuple):
    """A published figure: `version` counts its moves, `publication` numbers the last."""

    cell: PublicCell
    tally: Tally
    version: int
    publication: int


class ListedFigure(NamedTuple):
    """A published figure as it is shown: the members of a `Figure`, as JSON."""

    cell: PublicCell
    shown: str
    publication: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cells to list; None is any. `since` and `until` are periods of any kind, and so inclusive.

    `area` may be several areas. A period lies between when it begins no earlier than `since` and ends no later than
    `until`.
    """

    kind: str | None = None
    code: str | None = None
    theme: str | None = None
    level: str | None = None
    area: str | Sequence[str] | None = None
    period: str | None = None
    source: str | None = None
    period_kind: PeriodKind | None = None
    since: str | None = None
    until: str | None = None


def list_place(cell: PublicCell) -> ListPlace:
    """A cell's place in a list."""
    return cell.kind.value, cell.code, cell.source.value, cell.period, cell.area


def spanned(filters: Filters, kind: PeriodKind, since: str | None, until: str | None) -> Filters:
    """Of periods of one kind, from `since` up to and with `until`. Raises ValueError when one is no period."""
    return replace(
        filters,
        period_kind=kind,
        since=first_within(kind, since) if since else None,
        until=last_within(kind, until) if until else None,
    )
