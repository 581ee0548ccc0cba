"""The algebra of figures: scores become cells at every level, cells merge and are taken back. Whole numbers only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import add, neg
from typing import NamedTuple

from shared.contracts.community import Finding
from shared.contracts.vocabulary import AggregateKind, AreaLevel, DialogueTopic, Theme

from .periods import around, month_of

#: No learning key is valid before it.
PROGRAMME_START = date(2017, 1, 1)

Scores = tuple[int, ...]
SCALE = range(1, 6)


class ExactCell(NamedTuple):
    """Which figure: an indicator or theme, in an area, in a month, quarter or year."""

    kind: AggregateKind
    code: str
    theme: Theme
    level: AreaLevel
    area: str
    period: str


@dataclass(frozen=True, slots=True)
class ExactFigure:
    """A mergeable figure of `n` scores. `histogram[i]` counts scores of i + 1.

    `respondents` counts people, each once per dialogue, however many scores they gave: suppression looks at people.
    """

    findings: int
    respondents: int
    n: int
    sum: int
    sum_squares: int
    histogram: Scores

    def __add__(self, other: "ExactFigure") -> "ExactFigure":
        return ExactFigure(
            self.findings + other.findings,
            self.respondents + other.respondents,
            self.n + other.n,
            self.sum + other.sum,
            self.sum_squares + other.sum_squares,
            tuple(map(add, self.histogram, other.histogram)),
        )

    def __neg__(self) -> "ExactFigure":
        return ExactFigure(
            -self.findings,
            -self.respondents,
            -self.n,
            -self.sum,
            -self.sum_squares,
            tuple(map(neg, self.histogram)),
        )

    def beside(self, other: "ExactFigure") -> "ExactFigure":
        """Merge with what the same people said on another topic."""
        return replace(self + other, respondents=max(self.respondents, other.respondents))

    def mean(self) -> float | None:
        """The mean score, 1-5, rounded to 3 decimals; None without respondents."""
        return round(self.sum / self.n, 3) if self.n else None


NOTHING = ExactFigure(0, 0, 0, 0, 0, (0,) * len(SCALE))


def exact_figure(scores: Scores) -> ExactFigure:
    """The figure of one finding."""
    weighted = list(zip(SCALE, scores, strict=True))
    return ExactFigure(
        findings=1,
        respondents=sum(scores),
        n=sum(scores),
        sum=sum(score * count for score, count in weighted),
        sum_squares=sum(score * score * count for score, count in weighted),
        histogram=tuple(scores),
    )


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one finding of one dialogue counts for. `area` is the smallest known, `period` the month."""

    dialogue: str
    number: int
    indicator: str
    theme: Theme
    area: str
    period: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class LearningKey:
    """A version of the mapping from dialogue topic to indicator and its theme, for dialogues held from a date on."""

    version: int
    valid_from: date
    mapping: Mapping[DialogueTopic, tuple[str, Theme]]


def key_for(keys: Iterable[LearningKey], held_on: date) -> LearningKey | None:
    """The newest version that was valid when a dialogue was held, in whichever order they became valid."""
    return max((key for key in keys if key.valid_from <= held_on), key=lambda key: key.version, default=None)


#: An area and those above it, lowest first.
Ancestry = Mapping[str, tuple[tuple[AreaLevel, str], ...]]


def place_of(municipality: str, neighbourhood: str | None, ancestry: Ancestry) -> str | None:
    """The smallest known area a dialogue was held in: a neighbourhood of that municipality, else the municipality.

    None when the municipality is not known.
    """
    here = (AreaLevel.MUNICIPALITY, municipality)
    if neighbourhood is not None and ancestry.get(neighbourhood, ())[1:2] == (here,):
        return neighbourhood
    return municipality if ancestry.get(municipality, ())[:1] == (here,) else None


def contributions(
    dialogue: str, area: str, held_on: date, findings: Iterable[Finding], keys: Iterable[LearningKey]
) -> list[Contribution]:
    """What a dialogue counts for: nothing for a topic that its learning key does not map."""
    key = key_for(keys, held_on)
    mapping = key.mapping if key else {}
    month = month_of(held_on)
    return [
        Contribution(dialogue, number, *mapping[finding.topic], area, month, finding.scores)
        for number, finding in enumerate(findings)
        if finding.topic in mapping
    ]


def deltas(
    counted: Iterable[Contribution], taken_back: Iterable[Contribution], ancestry: Ancestry
) -> dict[ExactCell, ExactFigure]:
    """What contributions change, per cell, for the indicator and for its theme, in every area and period around it.

    No zero deltas. A dialogue's contributions come and go together.
    """
    leaves: dict[_Leaf, ExactFigure] = {}
    for leaf, figure in _by_dialogue(counted):
        leaves[leaf] = leaves.get(leaf, NOTHING) + figure
    for leaf, figure in _by_dialogue(taken_back):
        leaves[leaf] = leaves.get(leaf, NOTHING) + -figure
    merged: dict[ExactCell, ExactFigure] = {}
    for leaf, figure in leaves.items():
        for cell in _around(leaf, ancestry):
            merged[cell] = merged.get(cell, NOTHING) + figure
    return {cell: figure for cell, figure in merged.items() if figure != NOTHING}


def exact_cells(contribution: Contribution, ancestry: Ancestry) -> Iterable[ExactCell]:
    """The cells a contribution counts in: indicator and theme, in every area and period around it."""
    for leaf in _leaves(contribution):
        yield from _around(leaf, ancestry)


class _Leaf(NamedTuple):
    """The smallest cell that something counts in."""

    kind: AggregateKind
    code: str
    theme: Theme
    area: str
    month: str


def _leaves(contribution: Contribution) -> tuple[_Leaf, _Leaf]:
    theme, area, month = contribution.theme, contribution.area, contribution.period
    return (
        _Leaf(AggregateKind.INDICATOR, contribution.indicator, theme, area, month),
        _Leaf(AggregateKind.THEME, theme.value, theme, area, month),
    )


def _around(leaf: _Leaf, ancestry: Ancestry) -> Iterable[ExactCell]:
    periods = around(leaf.month)
    for level, area in ancestry[leaf.area]:
        for period in periods:
            yield ExactCell(leaf.kind, leaf.code, leaf.theme, level, area, period)


def _by_dialogue(group: Iterable[Contribution]) -> Iterable[tuple[_Leaf, ExactFigure]]:
    """What each dialogue says, whoever speaks on two topics being one respondent."""
    figures: dict[tuple[str, _Leaf], ExactFigure] = {}
    for contribution in group:
        figure = exact_figure(contribution.scores)
        for leaf in _leaves(contribution):
            key = (contribution.dialogue, leaf)
            figures[key] = figures[key].beside(figure) if key in figures else figure
    return ((leaf, figure) for (_, leaf), figure in figures.items())
