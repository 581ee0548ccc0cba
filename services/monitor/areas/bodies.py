"""Request bodies of areas and their changes, and the events they ask for."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
)
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine

#: A CBS code such as GM0794, or a slug.
AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$")]
AreaCodes = Annotated[list[AreaCode], Field(min_length=1, max_length=100)]


class AreaBody(Body):
    """A municipality, region or province. `validUntil` is the first day it no longer exists."""

    code: AreaCode
    name: OneLine
    level: AreaLevel
    parent: AreaCode | None
    valid_from: Day
    valid_until: Day | None = None

    def event(self) -> AreaRegistered:
        """What registering it says."""
        return AreaRegistered(
            code=self.code,
            name=self.name,
            level=self.level,
            parent=self.parent,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class AreaChangeBody(Body):
    """A merger or division of municipalities on a date."""

    id: Id
    on: Day
    kind: AreaChangeKind
    predecessors: AreaCodes
    successors: AreaCodes

    def event(self) -> AreasReorganised:
        """What recording it says."""
        return AreasReorganised(
            change=self.id,
            on=self.on,
            change_kind=self.kind,
            predecessors=tuple(self.predecessors),
            successors=tuple(self.successors),
        )
