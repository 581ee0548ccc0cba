"""The base of request and answer bodies, and of those by which a registered thing is revised."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ..contracts.revision import Revision
from ..contracts.vocabulary import RevisionReason
from ..revisions import Asked, AskedSince, Grounds, Said, SubjectT
from .fields import Day, Ordinal


class Body(BaseModel):
    """A request body: camelCase, strict types, no unknown fields."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=False, validate_by_alias=True, extra="forbid", frozen=True
    )


class View(BaseModel):
    """An answer body: camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True, from_attributes=True)


class RevisionBody(Body):
    """Why a thing is to be otherwise, and the `version` of it that was decided on. By itself: a withdrawal."""

    version: Ordinal
    reason: RevisionReason

    @property
    def grounds(self) -> Grounds:
        """As the rule has it."""
        return Grounds(self.version, self.reason)

    def asked(self, subject: SubjectT) -> Asked[SubjectT]:
        """What is asked of a thing."""
        return Asked(subject, self.grounds)


class ChangeBody(RevisionBody):
    """The same, from a day on."""

    since: Annotated[Day, Field(alias="from")]

    def asked(self, subject: SubjectT) -> AskedSince[SubjectT]:
        """What is asked of a thing, from that day on."""
        return AskedSince(subject, self.grounds, self.since)


class VersionView(View):
    """A version of a thing: the event that made it, as it was published. `reason` is null of the first."""

    version: int
    event: str
    type: str
    recorded_at: datetime
    reason: RevisionReason | None
    data: dict[str, object]

    @classmethod
    def of(cls, said: Said) -> "VersionView":
        """What was said, as an answer."""
        event = said.event
        return cls(
            version=said.version,
            event=said.id,
            type=event.type,
            recorded_at=said.at,
            reason=event.reason if isinstance(event, Revision) else None,
            data=msgspec.json.decode(msgspec.json.encode(event), type=dict[str, object]),
        )


class VersionsView(View):
    """Every version of a thing, oldest first."""

    items: list[VersionView]

    @classmethod
    def of(cls, said: Iterable[Said]) -> "VersionsView":
        """All that was said of a thing, as an answer."""
        return cls(items=[VersionView.of(one) for one in said])
