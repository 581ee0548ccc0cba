"""The cells of figures, and how what is counted in one place adds up in every area and period around it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self, TypeVar

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme

from .periods import around, year_of
from .public import PublicTally

#: An area and those above it, lowest first.
AreaChain = tuple[tuple[AreaLevel, str], ...]
#: By area and year: an area comes to lie in another on a 1 January, so that every period lies in one state.
Ancestry = Mapping[tuple[str, int], AreaChain]


class Summable(Protocol):
    """What adds up, and is false when it comes to nothing."""

    def __add__(self, other: Self, /) -> Self: ...

    def __bool__(self) -> bool: ...


K = TypeVar("K")
S = TypeVar("S", bound=Summable)


class PublicCell(NamedTuple):
    """Which public figure: an indicator or theme, by one kind of source, in an area, in a month, quarter or year."""

    kind: AggregateKind
    code: str
    source: SourceKind
    area: str
    period: str
    theme: Theme
    level: AreaLevel


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A line of the public log: what a packet or a published observation adds; negated, what it takes away."""

    indicator: str
    source: SourceKind
    area: str
    period: str
    tally: PublicTally


def aggregate_id(cell: PublicCell) -> str:
    """`<kind>.<code>.<area>.<period>`, and `.<source>` when it is not from dialogues: key of the event."""
    source = "" if cell.source is SourceKind.DIALOGUE else f".{cell.source}"
    return f"{cell.kind}.{cell.code}.{cell.area}.{cell.period}{source}"


def spread(areas: AreaChain, period: str) -> Iterator[tuple[AreaLevel, str, str]]:
    """Where something counts: in each of the areas, with its level, in the period and every longer one around it."""
    periods = around(period)
    return ((level, area, each) for level, area in areas for each in periods)


def add_up(parts: Iterable[tuple[K, S]]) -> dict[K, S]:
    """The sum of what stands under each key, without those that come to nothing."""
    sums: dict[K, S] = {}
    add_to(sums, parts)
    return {key: total for key, total in sums.items() if total}


def add_to(sums: dict[K, S], parts: Iterable[tuple[K, S]]) -> None:
    """Add to sums what stands under each key."""
    for key, part in parts:
        before = sums.get(key)
        sums[key] = part if before is None else before + part


def public_cells(line: PublicLine, theme: Theme, areas: AreaChain) -> Iterator[PublicCell]:
    """Where a line counts: every area and period around its own, for its indicator; what is said in dialogues also
    for the theme. `areas` is the line's area and those above it."""
    for level, area, period in spread(areas, line.period):
        yield PublicCell(AggregateKind.INDICATOR, line.indicator, line.source, area, period, theme, level)
        if line.source is SourceKind.DIALOGUE:
            yield PublicCell(AggregateKind.THEME, theme.value, line.source, area, period, theme, level)


def roll_up(
    lines: Iterable[PublicLine], themes: Mapping[str, Theme], ancestry: Ancestry
) -> dict[PublicCell, PublicTally]:
    """What lines add to their cells, without those to which they add nothing. Raises KeyError for an indicator or
    area that is not there."""
    # Lines of one place are summed first: a place lies in some twenty cells.
    places = add_up(((line.indicator, line.source, line.area, line.period), line.tally) for line in lines)
    return add_up(
        (cell, tally)
        for place, tally in places.items()
        for cell in public_cells(PublicLine(*place, tally), themes[place[0]], ancestry[place[2], year_of(place[3])])
    )
