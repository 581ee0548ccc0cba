"""Answers of the register."""

from datetime import date

import msgspec

from shared.contracts.initiatives import SupportRole
from shared.contracts.vocabulary import CrossOver, Dilemma, Line, Phase, RoleParty, Theme
from shared.database import Record
from shared.http.bodies import View

_Roles = tuple[SupportRole, ...]


class RoleView(View):
    """What the province, ZET or Zorgbelang does."""

    party: RoleParty
    role: str


class InitiativeView(View):
    """An initiative as it is now."""

    id: str
    number: str | None
    title: str
    challenge: str
    approach: str
    learning_question: str
    lines: list[Line]
    cross_overs: list[CrossOver]
    themes: list[Theme]
    dilemmas: list[Dilemma]
    municipalities: list[str]
    regions: list[str]
    partners: list[str]
    roles: list[RoleView]
    phase: Phase
    phase_on: date
    lessons: int


class Initiatives(View):
    """A page of initiatives; `next` is the cursor for the following page, null on the last."""

    items: list[InitiativeView]
    next: str | None


class PhaseView(View):
    """A phase and the day it was reached."""

    phase: Phase
    reached_on: date


def initiative_view(row: Record) -> InitiativeView:
    """An initiative to answer with."""
    roles = [RoleView.model_validate(role) for role in msgspec.json.decode(row["roles"], type=_Roles)]
    return InitiativeView(**{**row, "roles": roles})
