"""Answers about an initiative as a whole."""

from shared.http.bodies import View

from ..lessons.views import LessonView
from ..register.views import PhaseView


class History(View):
    """What happened to an initiative, oldest first."""

    phases: list[PhaseView]
    lessons: list[LessonView]
