"""Request bodies of lessons, and what they ask for."""

from shared.http.bodies import Body
from shared.http.fields import Flag, Id, OneLine, ProgrammeDay

from .domain import DrawLesson


class LessonBody(Body):
    """A lesson to write down."""

    id: Id
    title: OneLine
    worked: Flag
    transferable: Flag
    on: ProgrammeDay

    def command(self) -> DrawLesson:
        """What to do to an initiative."""
        return DrawLesson(self.id, self.title, self.worked, self.transferable, self.on)
