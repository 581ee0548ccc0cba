"""The rules of a lesson: pure decisions, no clock, no database."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.initiatives import LessonDrawn
from shared.refusals import Conflict

from ..register.domain import Initiative


@dataclass(frozen=True, slots=True)
class DrawLesson:
    """Write down what an initiative taught, whether it worked or not."""

    lesson: str
    title: str
    worked: bool
    transferable: bool
    on: date


def draw_lesson(state: Initiative, command: DrawLesson, today: date) -> LessonDrawn:
    """A lesson is drawn from what has happened."""
    if command.on > today:
        raise Conflict("date-in-future", "Een les kan niet in de toekomst zijn getrokken.", "#/on")
    return LessonDrawn(
        initiative=state.id,
        lesson=command.lesson,
        title=command.title,
        worked=command.worked,
        transferable=command.transferable,
        on=command.on,
        themes=state.themes,
        municipalities=state.municipalities,
    )
