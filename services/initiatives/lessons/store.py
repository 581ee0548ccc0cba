"""Postgres of the lessons: the only caller of lessons.sql."""

from collections.abc import Sequence
from pathlib import Path

from shared.contracts.initiatives import LessonDrawn
from shared.database import Connection, Record, queries

_Q = queries(Path(__file__).with_name("lessons.sql"))


async def insert_lesson(connection: Connection, event: LessonDrawn) -> bool:
    """Store a lesson; False when the id exists."""
    inserted: bool | None = await connection.fetchval(
        _Q.insert_lesson,
        event.lesson,
        event.initiative,
        event.title,
        event.worked,
        event.transferable,
        event.on,
    )
    return bool(inserted)


async def get_lesson(connection: Connection, lesson: str) -> Record | None:
    """One lesson."""
    return await connection.fetchrow(_Q.get_lesson, lesson)


async def lessons_of(connection: Connection, initiative: str) -> Sequence[Record]:
    """The lessons of an initiative, oldest first."""
    return await connection.fetch(_Q.lessons_of, initiative)
