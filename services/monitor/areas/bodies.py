"""Request bodies of areas and their changes, and the events they ask for."""

from typing import Annotated

from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
)
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.http.bodies import Body, ChangeBody, RevisionBody
from shared.http.fields import AreaCode, Day, Distinct, Id, OneLine

from .revision import AreaFacts

AreaCodes = Annotated[list[AreaCode], Distinct(100, least=1)]


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


class AreaCorrectionBody(RevisionBody):
    """What an area is called and lies in since its last change, and from when until when it was there."""

    name: OneLine
    parent: AreaCode | None
    valid_from: Day
    valid_until: Day | None

    def facts(self, code: str) -> AreaFacts:
        """As the rule has it."""
        return AreaFacts(code, self.name, self.parent, self.valid_from, self.valid_until)


class ChangeOfAreaBody(ChangeBody):
    """What an area is called and lies in from a day on. It ends on `validUntil`."""

    name: OneLine
    parent: AreaCode | None
    valid_until: Day | None

    def facts(self, code: str) -> AreaFacts:
        """As the rule has it; from when it was there does not change."""
        return AreaFacts(code, self.name, self.parent, self.since, self.valid_until)


class _Line(Body):
    on: Day
    kind: AreaChangeKind
    predecessors: AreaCodes
    successors: AreaCodes

    def line(self, change: str) -> AreasReorganised:
        """What recording it says."""
        return AreasReorganised(
            change=change,
            on=self.on,
            change_kind=self.kind,
            predecessors=tuple(self.predecessors),
            successors=tuple(self.successors),
        )


class AreaChangeBody(_Line):
    """A merger or division of municipalities on a date."""

    id: Id

    def event(self) -> AreasReorganised:
        """What recording it says."""
        return self.line(self.id)


class AreaChangeCorrectionBody(_Line, RevisionBody):
    """What a merger or division was."""
