"""Answers about the matrix."""

from datetime import date

from shared.http.bodies import View

from ..assessments.views import EvidenceView
from ..goals.domain import Level, Question


class Answer(View):
    """One answer in a cell of the matrix.

    `kind` is goal, assessment, costs or trend. `verdict` is of a goal (reached, missed, under-way), of an assessment
    (yes, partly, no), `fact` when nothing is judged, or `unknown`, and then `reason` says why.
    """

    kind: str
    ref: str
    statement: str
    verdict: str
    reason: str | None = None
    warning: str | None = None
    evidence: list[EvidenceView] = []


class MatrixCell(View):
    """A question at a level. `unknown` says why when nothing in it is known."""

    level: Level
    question: Question
    asks: str
    answers: list[Answer]
    unknown: str | None


class Matrix(View):
    """The three levels by the two questions, on a day."""

    on: date
    cells: list[MatrixCell]
    note: str
