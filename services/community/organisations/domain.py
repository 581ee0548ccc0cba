"""The rules of what is known of an organisation. Pure decisions, no clock, no database."""

from collections.abc import Sequence
from datetime import date

from shared.contracts.community import (
    OrganisationChanged,
    OrganisationCorrected,
    OrganisationRegistered,
    OrganisationWithdrawn,
)
from shared.refusals import Conflict
from shared.revisions import Asked, AskedSince, Said, revise, still_named

Revised = OrganisationCorrected | OrganisationChanged | OrganisationWithdrawn


def correct(said: Sequence[Said], asked: Asked[OrganisationRegistered]) -> Revised | None:
    """It was this from the start."""
    return revise(said, OrganisationCorrected, asked.grounds, asked.subject)


def change(said: Sequence[Said], asked: AskedSince[OrganisationRegistered], today: date) -> Revised | None:
    """It is this from a day on. Every list shows what it is now, so not from a day to come."""
    if asked.since > today:
        raise Conflict("date-in-future", "Een organisatie verandert op zijn laatst vandaag.", "#/from")
    return revise(said, OrganisationChanged, asked.grounds, asked.subject, since=asked.since)


def withdraw(said: Sequence[Said], asked: Asked[str], dialogue: str | None) -> Revised | None:
    """It takes no part. `dialogue` is one that it organises: then it does."""
    revision = revise(said, OrganisationWithdrawn, asked.grounds)
    if revision is not None and dialogue is not None:
        raise still_named(revision, f"dialoog {dialogue}")
    return revision
