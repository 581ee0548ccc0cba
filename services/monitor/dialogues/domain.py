"""The exact figures of dialogues: scores become cells at every level, cells merge and are taken back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shared.contracts.community import Finding
from shared.contracts.vocabulary import AggregateKind, AreaLevel, DialogueTopic, Theme

from ..figure.cells import Ancestry, add_up, spread
from ..figure.periods import month_of, year_of
from ..figure.tally import Tally, of_scores

#: No learning key is valid before it.
PROGRAMME_START = date(2017, 1, 1)

Scores = tuple[int, ...]


class ExactCell(NamedTuple):
    """Which exact figure: an indicator or theme, in an area, in a month, quarter or year."""

    kind: AggregateKind
    code: str
    theme: Theme
    level: AreaLevel
    area: str
    period: str


class ExactFigure:
    """The sums of some findings, as they are known here and nowhere else. Never public: what is public is a `Tally`.

    Its respondents are people, each once per dialogue, however many scores they gave: suppression looks at people.
    """

    __slots__ = ("findings", "tally")

    def __init__(self, findings: int, tally: Tally) -> None:
        self.findings = findings
        self.tally = tally

    def __add__(self, other: "ExactFigure", /) -> "ExactFigure":
        return ExactFigure(self.findings + other.findings, self.tally + other.tally)

    def __neg__(self) -> "ExactFigure":
        return ExactFigure(-self.findings, -self.tally)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return self.findings != 0 or bool(self.tally)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExactFigure) and (self.findings, self.tally) == (other.findings, other.tally)

    def __hash__(self) -> int:
        return hash((self.findings, self.tally))

    def __repr__(self) -> str:
        return f"ExactFigure({self.findings}, {self.tally})"

    def beside(self, other: "ExactFigure") -> "ExactFigure":
        """Merge with what the same people said on another topic."""
        return ExactFigure(self.findings + other.findings, self.tally.beside(other.tally))


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

    @property
    def place(self) -> tuple[str, int]:
        """Where it counts, and the year in which."""
        return self.area, year_of(self.period)


@dataclass(frozen=True, slots=True)
class LearningKey:
    """A version of the mapping from dialogue topic to indicator and its theme, for dialogues held from a date on.

    `revision` is how often it was otherwise.
    """

    version: int
    valid_from: date
    mapping: Mapping[DialogueTopic, tuple[str, Theme]]
    revision: int = 1


def key_for(keys: Iterable[LearningKey], held_on: date) -> LearningKey | None:
    """The newest version that was valid when a dialogue was held, in whichever order they became valid."""
    return max((key for key in keys if key.valid_from <= held_on), key=lambda key: key.version, default=None)


def place_of(municipality: str, neighbourhood: str | None, year: int, ancestry: Ancestry) -> str | None:
    """The smallest known area a dialogue of a year was held in: a neighbourhood of that municipality, else that.

    None when the municipality is not known.
    """
    here = (AreaLevel.MUNICIPALITY, municipality)
    if neighbourhood is not None and ancestry.get((neighbourhood, year), ())[1:2] == (here,):
        return neighbourhood
    return municipality if ancestry.get((municipality, year), ())[:1] == (here,) else None


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
    leaves = add_up(
        (leaf, figure)
        for group in (_by_dialogue(counted), ((leaf, -figure) for leaf, figure in _by_dialogue(taken_back)))
        for leaf, figure in group
    )
    return add_up((cell, figure) for leaf, figure in leaves.items() for cell in _around(leaf, ancestry))


def exact_cells(contribution: Contribution, ancestry: Ancestry) -> Iterator[ExactCell]:
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


def _around(leaf: _Leaf, ancestry: Ancestry) -> Iterator[ExactCell]:
    for level, area, period in spread(ancestry[leaf.area, year_of(leaf.month)], leaf.month):
        yield ExactCell(leaf.kind, leaf.code, leaf.theme, level, area, period)


def _by_dialogue(group: Iterable[Contribution]) -> Iterable[tuple[_Leaf, ExactFigure]]:
    """What each dialogue says, whoever speaks on two topics being one respondent."""
    figures: dict[tuple[str, _Leaf], ExactFigure] = {}
    for contribution in group:
        figure = ExactFigure(1, of_scores(contribution.scores))
        for leaf in _leaves(contribution):
            key = (contribution.dialogue, leaf)
            figures[key] = figures[key].beside(figure) if key in figures else figure
    return ((leaf, figure) for (_, leaf), figure in figures.items())
