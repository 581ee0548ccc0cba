"""What there is to read of the lessons: for answers and pages."""

from shared.database import Connection

from . import store
from .views import LessonView


async def lessons_of(connection: Connection, initiative: str) -> list[LessonView]:
    """The lessons of an initiative, oldest first."""
    return [LessonView(**row) for row in await store.lessons_of(connection, initiative)]
