"""What is known of a registered thing changes by three forms of events: corrected, changed from a day on, withdrawn.

Registering it is version 1. Each revision has the full new state, so that a reader keeps the last one.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Self

import msgspec

from .envelope import Contract
from .vocabulary import RevisionReason

_ALIKE: Mapping[str, str] = MappingProxyType({})


class Revision(Contract, frozen=True, kw_only=True):
    """What is known of a thing is otherwise. `version` counts from 2, `replaces` is the id of the event whose state no
    longer holds.

    `revises` is the event that registered the thing: its fields are the state. A field of it that has another name here
    stands in `renamed`.
    """

    revises: ClassVar[type[Contract]]
    renamed: ClassVar[Mapping[str, str]] = _ALIKE

    version: int
    reason: RevisionReason
    replaces: str

    @property
    def state(self) -> Contract:
        """The state, as if the thing had been registered so."""
        names = self.revises.__struct_fields__
        return self.revises(**{name: getattr(self, self.renamed.get(name, name)) for name in names})

    @classmethod
    def to(cls, state: Contract, version: int, reason: RevisionReason, replaces: str, **since: date) -> Self:
        """The revision to a state; `since` is for a form that has a day."""
        fields = {cls.renamed.get(name, name): getattr(state, name) for name in state.__struct_fields__}
        return cls(**fields, version=version, reason=reason, replaces=replaces, **since)


class Corrected(Revision, frozen=True, kw_only=True):
    """It was wrong from the start."""


class Changed(Revision, frozen=True, kw_only=True):
    """It is so from a day on: `from`."""

    since: date = msgspec.field(name="from")


class Withdrawn(Revision, frozen=True, kw_only=True):
    """It is no longer known; its state is the last one. What is withdrawn stays so."""


def state_of(event: Contract) -> Contract:
    """The state of a thing after an event of it."""
    return event.state if isinstance(event, Revision) else event
