"""Request bodies of the register, and what they ask for."""

from typing import Annotated

from pydantic import Field

from shared.contracts.initiatives import InitiativeRegistered, SupportRole
from shared.contracts.vocabulary import CrossOver, Dilemma, Line, Phase, RoleParty, Theme
from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

from .domain import ChangePhase

_Some = Field(max_length=100)


class RoleBody(Body):
    """What the province, ZET or Zorgbelang does."""

    party: RoleParty
    role: Text


class InitiativeBody(Body):
    """An initiative to register. `id` is made by the client, so that a retry is harmless."""

    id: Id
    number: OneLine | None = None
    title: OneLine
    challenge: Text
    approach: Text
    learning_question: Text
    lines: Annotated[list[Line], Field(min_length=1, max_length=2)]
    cross_overs: Annotated[list[CrossOver], _Some] = []
    themes: Annotated[list[Theme], Field(min_length=1, max_length=4)]
    dilemmas: Annotated[list[Dilemma], Field(max_length=4)] = []
    municipalities: Annotated[list[str], _Some] = []
    regions: Annotated[list[str], _Some] = []
    partners: Annotated[list[Id], _Some] = []
    roles: Annotated[list[RoleBody], _Some] = []

    def event(self) -> InitiativeRegistered:
        """What registering it says."""
        return InitiativeRegistered(
            initiative=self.id,
            number=self.number,
            title=self.title,
            challenge=self.challenge,
            approach=self.approach,
            learning_question=self.learning_question,
            lines=tuple(self.lines),
            cross_overs=tuple(self.cross_overs),
            themes=tuple(self.themes),
            dilemmas=tuple(self.dilemmas),
            municipalities=tuple(self.municipalities),
            regions=tuple(self.regions),
            partners=tuple(self.partners),
            roles=tuple(SupportRole(party=role.party, role=role.role) for role in self.roles),
            phase=Phase.EXPLORING,
        )


class PhaseBody(Body):
    """A phase an initiative reached."""

    phase: Phase
    on: Day

    def command(self) -> ChangePhase:
        """What to do to an initiative."""
        return ChangePhase(self.phase, self.on)
