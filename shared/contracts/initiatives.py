"""What the initiatives service publishes."""

from datetime import date
from typing import ClassVar

import msgspec

from .envelope import Contract
from .vocabulary import CrossOver, Dilemma, Line, Phase, RoleParty, Theme

TOPIC = "initiatives.initiatives"


class SupportRole(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the province, ZET or Zorgbelang does for an initiative."""

    party: RoleParty
    role: str


class InitiativeRegistered(Contract, frozen=True, kw_only=True):
    """An initiative joined the programme."""

    type: ClassVar[str] = "nl.veerkracht.initiative.registered.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "initiative"
    key_field: ClassVar[str] = "initiative"

    initiative: str
    number: str | None
    title: str
    challenge: str
    approach: str
    learning_question: str
    lines: tuple[Line, ...]
    cross_overs: tuple[CrossOver, ...]
    themes: tuple[Theme, ...]
    dilemmas: tuple[Dilemma, ...]
    municipalities: tuple[str, ...]
    regions: tuple[str, ...]
    partners: tuple[str, ...]
    roles: tuple[SupportRole, ...]
    phase: Phase


class InitiativePhaseChanged(Contract, frozen=True, kw_only=True):
    """An initiative reached another phase on a date."""

    type: ClassVar[str] = "nl.veerkracht.initiative.phase-changed.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "initiative"
    key_field: ClassVar[str] = "initiative"

    initiative: str
    previous: Phase
    phase: Phase
    on: date
    themes: tuple[Theme, ...]
    municipalities: tuple[str, ...]


class LessonDrawn(Contract, frozen=True, kw_only=True):
    """A lesson was drawn from an initiative; what did not work counts as much."""

    type: ClassVar[str] = "nl.veerkracht.lesson.drawn.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "initiative"
    key_field: ClassVar[str] = "initiative"

    initiative: str
    lesson: str
    title: str
    worked: bool
    transferable: bool
    on: date
    themes: tuple[Theme, ...]
    municipalities: tuple[str, ...]
