"""Answers about the learning key, and about what a new version changed."""

from datetime import date

from shared.http.bodies import View

from ..figure.cells import aggregate_id
from ..figure.quantity import SCORES
from ..publication.event import event_figure
from .handlers import Recount


class LearningKeyView(View):
    """A version of the learning key: dialogue topic to indicator. `revision` is the `version` of a correction."""

    version: int
    valid_from: date
    mapping: dict[str, str]
    revision: int


class FigureMoved(View):
    """A public figure before and after; null for what is not public."""

    id: str
    n: int | None
    mean: float | None
    previous_n: int | None
    previous_mean: float | None


class LearningKeyChanges(View):
    """What a version that is new or otherwise did: how many dialogues were counted again, and the public figures that
    moved, by name.

    `dialogues` are all held from its first day on, whether they count otherwise or not. Of figures that are not public
    nothing is told. `moved` has the first of the `published` that moved.
    """

    dialogues: int
    publication: int | None
    published: int
    moved: list[FigureMoved]


class LearningKeyRecorded(View):
    """Which version was recorded, corrected or withdrawn. `changes` is null when exactly this was there."""

    id: str
    changes: LearningKeyChanges | None


#: How many moved figures an answer names; the feed has them all.
_NAMED = 200


def learning_key_recorded(version: str, recount: Recount | None) -> LearningKeyRecorded:
    """The answer to a new version."""
    if recount is None:
        return LearningKeyRecorded(id=version, changes=None)
    return LearningKeyRecorded(
        id=version,
        changes=LearningKeyChanges(
            dialogues=recount.dialogues,
            publication=recount.publication,
            published=len(recount.moved),
            moved=[
                FigureMoved(
                    id=aggregate_id(move.cell),
                    n=after.n,
                    mean=after.mean,
                    previous_n=before.n,
                    previous_mean=before.mean,
                )
                for move in recount.moved[:_NAMED]
                for before, after in [(event_figure(move.before, SCORES), event_figure(move.after, SCORES))]
            ],
        ),
    )
