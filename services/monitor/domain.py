"""The algebra of figures: scores become cells at every level, cells merge and are taken back. Whole numbers only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from shared.contracts.community import Finding
from shared.contracts.vocabulary import AggregateKind, AreaLevel, DialogueTopic, Theme

Scores = tuple[int, ...]
SCALE = range(1, 6)


class Cell(NamedTuple):
    """Which figure: an indicator or theme, in an area, in a month."""

    kind: AggregateKind
    code: str
    theme: Theme
    level: AreaLevel
    area: str
    period: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A mergeable figure of `n` scores. `histogram[i]` counts scores of i + 1.

    `respondents` counts people, each once per dialogue, however many scores they gave: suppression looks at people.
    """

    findings: int
    respondents: int
    n: int
    sum: int
    sum_squares: int
    histogram: Scores

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(
            self.findings + other.findings,
            self.respondents + other.respondents,
            self.n + other.n,
            self.sum + other.sum,
            self.sum_squares + other.sum_squares,
            tuple(a + b for a, b in zip(self.histogram, other.histogram, strict=True)),
        )

    def __neg__(self) -> "Figure":
        return Figure(
            -self.findings,
            -self.respondents,
            -self.n,
            -self.sum,
            -self.sum_squares,
            tuple(-count for count in self.histogram),
        )

    def beside(self, other: "Figure") -> "Figure":
        """Merge with what the same people said on another topic."""
        return replace(self + other, respondents=max(self.respondents, other.respondents))

    def mean(self) -> float | None:
        """The mean score, 1-5, rounded to 3 decimals; None without respondents."""
        return round(self.sum / self.n, 3) if self.n else None


NOTHING = Figure(0, 0, 0, 0, 0, (0,) * len(SCALE))


def figure_of(scores: Scores) -> Figure:
    """The figure of one finding."""
    weighted = list(zip(SCALE, scores, strict=True))
    return Figure(
        findings=1,
        respondents=sum(scores),
        n=sum(scores),
        sum=sum(score * count for score, count in weighted),
        sum_squares=sum(score * score * count for score, count in weighted),
        histogram=tuple(scores),
    )


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one finding of one dialogue counts for."""

    dialogue: str
    number: int
    indicator: str
    theme: Theme
    municipality: str
    period: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class LearningKey:
    """A version of the mapping from dialogue topic to indicator and its theme, for dialogues held from a date on."""

    version: int
    valid_from: date
    mapping: Mapping[DialogueTopic, tuple[str, Theme]]


def key_for(keys: Iterable[LearningKey], held_on: date) -> LearningKey | None:
    """The newest learning key that was valid when a dialogue was held."""
    return max((key for key in keys if key.valid_from <= held_on), key=lambda key: key.valid_from, default=None)


def contributions(
    dialogue: str, municipality: str, held_on: date, findings: Iterable[Finding], keys: Iterable[LearningKey]
) -> list[Contribution]:
    """What a dialogue counts for: nothing for a topic that its learning key does not map."""
    key = key_for(keys, held_on)
    mapping = key.mapping if key else {}
    return [
        Contribution(dialogue, number, *mapping[finding.topic], municipality, f"{held_on:%Y-%m}", finding.scores)
        for number, finding in enumerate(findings)
        if finding.topic in mapping
    ]


#: An area and those above it, lowest first.
Ancestry = Mapping[str, tuple[tuple[AreaLevel, str], ...]]


def deltas(
    counted: Iterable[Contribution], taken_back: Iterable[Contribution], ancestry: Ancestry
) -> dict[Cell, Figure]:
    """What contributions change, per cell at every level, for the indicator and for its theme. No zero deltas.

    A dialogue's contributions come and go together.
    """
    merged: dict[Cell, Figure] = {}
    for cell, figure in _by_dialogue(counted, ancestry):
        merged[cell] = merged.get(cell, NOTHING) + figure
    for cell, figure in _by_dialogue(taken_back, ancestry):
        merged[cell] = merged.get(cell, NOTHING) + -figure
    return {cell: figure for cell, figure in merged.items() if figure != NOTHING}


def _by_dialogue(group: Iterable[Contribution], ancestry: Ancestry) -> Iterable[tuple[Cell, Figure]]:
    figures: dict[tuple[str, Cell], Figure] = {}
    for contribution in group:
        figure = figure_of(contribution.scores)
        for cell in cells_of(contribution, ancestry):
            key = (contribution.dialogue, cell)
            figures[key] = figures[key].beside(figure) if key in figures else figure
    return ((cell, figure) for (_, cell), figure in figures.items())


def cells_of(contribution: Contribution, ancestry: Ancestry) -> Iterable[Cell]:
    """The cells a contribution counts in: indicator and theme, at every level."""
    theme = contribution.theme
    for level, area in ancestry[contribution.municipality]:
        yield Cell(AggregateKind.INDICATOR, contribution.indicator, theme, level, area, contribution.period)
        yield Cell(AggregateKind.THEME, theme.value, theme, level, area, contribution.period)
