"""The rules of a lesson, without clock or database."""

from datetime import date

import pytest

from services.initiatives.lessons.domain import DrawLesson, draw_lesson
from services.initiatives.register.domain import Initiative
from shared.contracts.vocabulary import Phase, Theme
from shared.refusals import Conflict

TODAY = date(2026, 11, 24)
INITIATIVE = Initiative("sociale-stad", Phase.EXPLORING, date(2026, 1, 1), (Theme.CONNECTION,), ("GM0794",))


def test_what_did_not_work_is_a_lesson_too() -> None:
    event = draw_lesson(INITIATIVE, DrawLesson("les-1", "Flyers werkten niet", False, True, TODAY), TODAY)
    assert (event.lesson, event.worked, event.transferable) == ("les-1", False, True)


def test_a_lesson_from_the_future_is_refused() -> None:
    with pytest.raises(Conflict, match="toekomst"):
        draw_lesson(INITIATIVE, DrawLesson("les-1", "x", True, True, date(2026, 11, 25)), TODAY)
