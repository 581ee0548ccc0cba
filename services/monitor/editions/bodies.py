"""Request body of an edition, and what it asks for."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from shared.http.bodies import Body
from shared.http.fields import OneLine

from .edition import WantedEdition

#: Begins with a letter, so that it is never taken for a number or a day.
EditionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


def _written_as_moment(value: object) -> datetime:
    try:
        if isinstance(value, str) and (moment := datetime.fromisoformat(value)).tzinfo is not None:
            return moment
    except ValueError:
        pass
    raise PydanticCustomError("moment", "hier hoort een moment zoals 2026-11-24T09:00:00Z")


class EditionBody(Body):
    """An edition to be. Cut at a publication, or at the newest one at a moment; without either at the newest of all.

    Publication 0 is before the first: the baseline, and no figure of ours.
    """

    id: EditionId
    title: OneLine
    publication: Annotated[int, Field(ge=0, le=10**15, strict=True)] | None = None
    at: Annotated[datetime, BeforeValidator(_written_as_moment)] | None = None

    def wanted(self) -> WantedEdition:
        """What is to be published."""
        return WantedEdition(self.id, self.title, self.publication, self.at)
