"""What may be said next of a registered thing, after all that was said of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from .contracts import Contract
from .contracts.revision import Changed, Revision, Withdrawn, state_of
from .contracts.vocabulary import RevisionReason
from .refusals import Conflict

RevisionT = TypeVar("RevisionT", bound=Revision)
SubjectT = TypeVar("SubjectT")


@dataclass(frozen=True, slots=True)
class Said:
    """An event of a thing, with its id and when it was said."""

    id: str
    event: Contract
    at: datetime

    @property
    def version(self) -> int:
        """Which version of the thing it made."""
        return self.event.version if isinstance(self.event, Revision) else 1


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a thing is to be otherwise, and on which version of it that was decided."""

    version: int
    reason: RevisionReason


@dataclass(frozen=True, slots=True)
class Asked(Generic[SubjectT]):
    """What is to be so, or which thing is to be withdrawn; and on which grounds."""

    subject: SubjectT
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class AskedSince(Asked[SubjectT]):
    """What is to be so from a day on."""

    since: date


def revise(
    said: Sequence[Said], form: type[RevisionT], grounds: Grounds, state: Contract | None = None, **since: date
) -> RevisionT | None:
    """The next event of a thing, of which this was said; None when exactly this is there. Without a `state` the last
    one stays: for a withdrawal.

    Raises Conflict when the thing is withdrawn, another version was decided on than is there, or it is to change from a
    day before that of a change that is there: that one says what it is since.
    """
    last = said[-1]
    there = state_of(last.event)
    wanted = there if state is None else state
    asked = form.to(wanted, grounds.version + 1, grounds.reason, last.id, **since)
    if _is_there(last.event, asked):
        return None
    if isinstance(last.event, Withdrawn):
        raise Conflict("withdrawn", f"{last.event.subject} is ingetrokken: dat verandert niet meer.")
    if last.version != grounds.version:
        raise Conflict(
            "changed-meanwhile",
            f"Dit is besloten op versie {grounds.version}; er staat nu versie {last.version}. Lees die eerst.",
            "#/version",
        )
    if isinstance(asked, Changed):
        later = max((one.event.since for one in said if isinstance(one.event, Changed)), default=asked.since)
        if asked.since < later:
            raise Conflict("changed-later", f"Dit is veranderd vanaf {later}: kies die dag of later.", "#/from")
    return asked


def still_named(thing: Contract, by: str) -> Conflict:
    """Why a thing cannot be withdrawn: `by`, in Dutch, needs it."""
    return Conflict("still-named", f"{thing.subject} wordt nog genoemd door {by}: dat moet eerst weg.")


def _is_there(last: Contract, asked: Revision) -> bool:
    if isinstance(asked, Withdrawn) or isinstance(last, Withdrawn):
        return type(last) is type(asked)
    if state_of(last) != asked.state:
        return False
    return not isinstance(asked, Changed) or (isinstance(last, Changed) and last.since == asked.since)
