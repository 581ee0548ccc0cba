"""Answers of the monitor."""

from datetime import date

from shared.contracts.vocabulary import AreaLevel, Measure, Theme
from shared.http.bodies import View

from .learning import Changed
from .telling import aggregate_id, event_figure


class AreaView(View):
    """An area; `validUntil` is the first day it no longer existed."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class AreaChangeView(View):
    """A line of the dated crosswalk."""

    id: str
    changed_on: date
    kind: str
    predecessors: list[str]
    successors: list[str]


class IndicatorVersionView(View):
    """How an indicator is measured from a date on; the first version is its definition."""

    version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    reason: str | None


class IndicatorView(View):
    """An indicator's definition, and its versions after the first."""

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: str
    unit: str
    direction: str
    measure: Measure
    owner: str
    versions: list[IndicatorVersionView]


class LearningKeyView(View):
    """A version of the learning key: dialogue topic to indicator."""

    version: int
    valid_from: date
    mapping: dict[str, str]


class FigureMoved(View):
    """A public figure before and after; null for what is not public."""

    id: str
    n: int | None
    mean: float | None
    previous_n: int | None
    previous_mean: float | None


class LearningKeyChanges(View):
    """What a new version changed: dialogues that count otherwise, figures that moved, and the public ones by name.

    Of figures that are not public only the number is told. `moved` has the first of the `published` that moved.
    """

    dialogues: int
    figures: int
    publication: int | None
    published: int
    moved: list[FigureMoved]


class LearningKeyRecorded(View):
    """Which version was recorded. `changes` is null when exactly this version was there."""

    id: str
    changes: LearningKeyChanges | None


class BaselineFact(View):
    """A fact of the baseline, as its source states it."""

    id: str
    statement: str
    theme: Theme | None
    areas: list[str]
    low_percent: int | None
    high_percent: int | None
    count: int | None
    period: str
    source: str
    paragraph: str


#: How many moved figures an answer names; the feed has them all.
_NAMED = 200


def learning_key_recorded(version: str, changed: Changed | None) -> LearningKeyRecorded:
    """The answer to a new version."""
    if changed is None:
        return LearningKeyRecorded(id=version, changes=None)
    return LearningKeyRecorded(
        id=version,
        changes=LearningKeyChanges(
            dialogues=changed.dialogues,
            figures=changed.figures,
            publication=changed.publication,
            published=len(changed.moved),
            moved=[
                FigureMoved(
                    id=aggregate_id(move.cell),
                    n=after.n,
                    mean=after.mean,
                    previous_n=before.n,
                    previous_mean=before.mean,
                )
                for move in changed.moved[:_NAMED]
                for before, after in [(event_figure(move.before, Measure.MEAN), event_figure(move.after, Measure.MEAN))]
            ],
        ),
    )
