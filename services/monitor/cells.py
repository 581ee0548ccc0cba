"""The public cells, and in which of them a line of the public log counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme

from .periods import around
from .tally import Tally

#: An area and those above it, lowest first.
AreaChain = tuple[tuple[AreaLevel, str], ...]


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
    tally: Tally


def public_cells(line: PublicLine, theme: Theme, areas: AreaChain) -> Iterable[PublicCell]:
    """Where a line counts: every area and period around its own, for its indicator; what is said in dialogues also
    for the theme. `areas` is the line's area and those above it."""
    for level, area in areas:
        for period in around(line.period):
            yield PublicCell(AggregateKind.INDICATOR, line.indicator, line.source, area, period, theme, level)
            if line.source is SourceKind.DIALOGUE:
                yield PublicCell(AggregateKind.THEME, theme.value, line.source, area, period, theme, level)


def roll_up(
    lines: Iterable[PublicLine], themes: Mapping[str, Theme], ancestry: Mapping[str, AreaChain]
) -> dict[PublicCell, Tally]:
    """What lines add to their cells, without those to which they add nothing. Raises KeyError for an indicator or
    area that is not there."""
    # Lines of one place are summed first: a place lies in some twenty cells.
    places: dict[tuple[str, SourceKind, str, str], Tally] = {}
    for line in lines:
        place = (line.indicator, line.source, line.area, line.period)
        places[place] = places[place] + line.tally if place in places else line.tally
    sums: dict[PublicCell, Tally] = {}
    for place, tally in places.items():
        line = PublicLine(*place, tally)
        for cell in public_cells(line, themes[line.indicator], ancestry[line.area]):
            sums[cell] = sums[cell] + tally if cell in sums else tally
    return {cell: tally for cell, tally in sums.items() if tally}
