"""Answers of the community service. What points at few people is left out here."""

from datetime import date, datetime

from shared.contracts.community import DialoguePlanned
from shared.contracts.vocabulary import DialogueTopic, OrganisationKind, Theme, TriggerReason
from shared.database import Record
from shared.http.bodies import View
from shared.web.dutch import dutch_moment

from .domain import Status, WithdrawalReason
from .sentences import Told


class OrganisationView(View):
    """An organisation."""

    id: str
    name: str
    kind: OrganisationKind


class Organisations(View):
    """A page of organisations; `next` is the cursor for the following page, null on the last."""

    items: list[OrganisationView]
    next: str | None


class DialogueView(View):
    """A dialogue as anyone may see it.

    `participants` is null below the publication threshold. Of a withdrawn dialogue `participants`, `topics` and
    `actions` are not shown any more. Scores and counts per group are never shown.
    """

    id: str
    municipality: str
    neighbourhood: str | None
    organiser: str
    initiative: str | None
    themes: list[Theme]
    planned_on: date
    status: Status
    held_on: date | None
    participants: int | None
    topics: list[DialogueTopic]
    actions: list[str]
    withdrawn_at: datetime | None
    withdrawal_reason: WithdrawalReason | None


class Dialogues(View):
    """A page of dialogues; `next` is the cursor for the following page, null on the last."""

    items: list[DialogueView]
    next: str | None


class ActivityView(View):
    """Something that happened, told in Dutch. `id` is its place in the activity and the cursor; `about` the subject."""

    id: int
    event_id: str
    type: str
    kind_label: str
    time: datetime
    time_text: str
    text: str
    href: str
    about: str
    initiative: str | None
    areas: list[str]
    themes: list[Theme]
    organisations: list[str]


class Activities(View):
    """A page of activities; `next` is the cursor for the following page in the same direction, null on the last."""

    items: list[ActivityView]
    next: int | None


class TriggerView(View):
    """Something the newsletter may want to tell, unless it has `withdrawnAt`. `position` is the cursor."""

    id: str
    position: int
    reason: TriggerReason
    text: str
    href: str
    cause: str
    about: str
    initiative: str | None
    municipality: str | None
    themes: list[Theme]
    raised_at: datetime
    withdrawn_at: datetime | None


class Triggers(View):
    """A page of triggers; `next` is the cursor for the following page in the same direction, null on the last."""

    items: list[TriggerView]
    next: int | None


def planned(event: DialoguePlanned) -> DialogueView:
    """A dialogue that was planned just now."""
    return DialogueView(
        id=event.dialogue,
        municipality=event.municipality,
        neighbourhood=event.neighbourhood,
        organiser=event.organiser,
        initiative=event.initiative,
        themes=list(event.themes),
        planned_on=event.planned_on,
        status=Status.PLANNED,
        held_on=None,
        participants=None,
        topics=[],
        actions=[],
        withdrawn_at=None,
        withdrawal_reason=None,
    )


def dialogue(row: Record, threshold: int) -> DialogueView:
    """A dialogue without what must not be seen."""
    shown: dict[str, object] = {**row}
    if row["participants"] is not None and row["participants"] < threshold:
        shown["participants"] = None
    if row["status"] == Status.WITHDRAWN:
        shown |= {"participants": None, "topics": [], "actions": []}
    return DialogueView.model_validate(shown)


def activity(row: Record, told: Told) -> ActivityView:
    """An activity with its sentence."""
    return ActivityView(
        id=row["position"],
        event_id=row["event_id"],
        type=row["type"],
        kind_label=told.label,
        time=row["occurred_at"],
        time_text=dutch_moment(row["occurred_at"]),
        text=told.text,
        href=told.href,
        about=row["about"],
        initiative=row["initiative"],
        areas=row["areas"],
        themes=row["themes"],
        organisations=row["organisations"],
    )


def trigger(row: Record, told: Told) -> TriggerView:
    """A newsletter trigger with the sentence of the activity behind it."""
    return TriggerView.model_validate({**row, "text": told.text, "href": told.href})
