"""Answers about lessons."""

from datetime import date

from shared.http.bodies import View


class LessonView(View):
    """A lesson."""

    id: str
    title: str
    worked: bool
    transferable: bool
    drawn_on: date
