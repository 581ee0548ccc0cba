"""What the community service publishes: organisations, dialogues and newsletter triggers."""

from datetime import date
from typing import ClassVar

import msgspec

from .envelope import Contract
from .revision import Changed, Corrected, Withdrawn
from .vocabulary import DialogueTopic, OrganisationKind, Theme, TriggerReason

ORGANISATIONS = "community.organisations"
DIALOGUES = "community.dialogues"
FINDINGS = "community.dialogue-findings"


class OrganisationRegistered(Contract, frozen=True, kw_only=True):
    """An organisation takes part in the programme."""

    type: ClassVar[str] = "nl.veerkracht.organisation.registered.v1"
    topic: ClassVar[str] = ORGANISATIONS
    kind: ClassVar[str] = "organisation"
    key_field: ClassVar[str] = "organisation"

    organisation: str
    name: str
    organisation_kind: OrganisationKind


class OrganisationCorrected(Corrected, frozen=True, kw_only=True):
    """What was registered of an organisation was wrong from the start."""

    type: ClassVar[str] = "nl.veerkracht.organisation.corrected.v1"
    topic: ClassVar[str] = ORGANISATIONS
    kind: ClassVar[str] = "organisation"
    key_field: ClassVar[str] = "organisation"
    revises = OrganisationRegistered

    organisation: str
    name: str
    organisation_kind: OrganisationKind


class OrganisationChanged(Changed, frozen=True, kw_only=True):
    """An organisation has another name from a day on, or is of another kind."""

    type: ClassVar[str] = "nl.veerkracht.organisation.changed.v1"
    topic: ClassVar[str] = ORGANISATIONS
    kind: ClassVar[str] = "organisation"
    key_field: ClassVar[str] = "organisation"
    revises = OrganisationRegistered

    organisation: str
    name: str
    organisation_kind: OrganisationKind


class OrganisationWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """An organisation takes no part, or never did. What named it before keeps its name; nothing new may name it."""

    type: ClassVar[str] = "nl.veerkracht.organisation.withdrawn.v1"
    topic: ClassVar[str] = ORGANISATIONS
    kind: ClassVar[str] = "organisation"
    key_field: ClassVar[str] = "organisation"
    revises = OrganisationRegistered

    organisation: str
    name: str
    organisation_kind: OrganisationKind


class DialoguePlanned(Contract, frozen=True, kw_only=True):
    """A social resilience dialogue will be held."""

    type: ClassVar[str] = "nl.veerkracht.dialogue.planned.v1"
    topic: ClassVar[str] = DIALOGUES
    kind: ClassVar[str] = "dialogue"
    key_field: ClassVar[str] = "dialogue"

    dialogue: str
    municipality: str
    neighbourhood: str | None
    organiser: str
    initiative: str | None
    themes: tuple[Theme, ...]
    planned_on: date


class DialogueHeld(Contract, frozen=True, kw_only=True):
    """A dialogue was held. `participants` and `actionCount` are null below the publication threshold of dialogues;
    scores are not public."""

    type: ClassVar[str] = "nl.veerkracht.dialogue.held.v1"
    topic: ClassVar[str] = DIALOGUES
    kind: ClassVar[str] = "dialogue"
    key_field: ClassVar[str] = "dialogue"

    dialogue: str
    municipality: str
    organiser: str
    initiative: str | None
    themes: tuple[Theme, ...]
    held_on: date
    participants: int | None
    topics: tuple[DialogueTopic, ...]
    action_count: int | None


class DialogueWithdrawn(Contract, frozen=True, kw_only=True):
    """A dialogue no longer counts: it was planned and will not be held, or held and is taken back."""

    type: ClassVar[str] = "nl.veerkracht.dialogue.withdrawn.v1"
    topic: ClassVar[str] = DIALOGUES
    kind: ClassVar[str] = "dialogue"
    key_field: ClassVar[str] = "dialogue"

    dialogue: str
    municipality: str
    organiser: str
    initiative: str | None
    themes: tuple[Theme, ...]
    was_held: bool


class Finding(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many participants gave each score from 1 to 5 on one topic."""

    topic: DialogueTopic
    scores: tuple[int, int, int, int, int]


class DialogueFindingsRecorded(Contract, frozen=True, kw_only=True):
    """The scores of a dialogue, for the monitor. Not public: small counts may point at people. Follows from the public
    `dialogue.held`."""

    type: ClassVar[str] = "nl.veerkracht.dialogue.findings-recorded.v1"
    topic: ClassVar[str] = FINDINGS
    kind: ClassVar[str] = "dialogue"
    key_field: ClassVar[str] = "dialogue"

    dialogue: str
    municipality: str
    held_on: date
    findings: tuple[Finding, ...]
    neighbourhood: str | None = None


class DialogueFindingsWithdrawn(Contract, frozen=True, kw_only=True):
    """The scores of a dialogue no longer count. Not public. Follows from the public `dialogue.withdrawn`."""

    type: ClassVar[str] = "nl.veerkracht.dialogue.findings-withdrawn.v1"
    topic: ClassVar[str] = FINDINGS
    kind: ClassVar[str] = "dialogue"
    key_field: ClassVar[str] = "dialogue"

    dialogue: str


class NewsletterTriggerRaised(Contract, frozen=True, kw_only=True):
    """Something happened that the newsletter may want to tell. `cause` is the id of the event behind it."""

    type: ClassVar[str] = "nl.veerkracht.newsletter-trigger.raised.v1"
    topic: ClassVar[str] = "community.triggers"
    kind: ClassVar[str] = "newsletter-trigger"
    key_field: ClassVar[str] = "trigger"

    trigger: str
    reason: TriggerReason
    cause: str
    about: str
    initiative: str | None
    municipality: str | None
    themes: tuple[Theme, ...]
