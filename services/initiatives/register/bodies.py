"""Request bodies of the register, and what they ask for."""

from typing import Annotated

from shared.contracts.initiatives import InitiativeRegistered, SupportRole
from shared.contracts.vocabulary import CrossOver, Dilemma, Line, Phase, RoleParty, Theme
from shared.http.bodies import Body
from shared.http.fields import AreaCode, Distinct, Id, OneLine, ProgrammeDay, Text

from .domain import ChangePhase

_Some = Distinct(100)


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
    lines: Annotated[list[Line], Distinct(2, least=1)]
    cross_overs: Annotated[list[CrossOver], _Some] = []
    themes: Annotated[list[Theme], Distinct(4, least=1)]
    dilemmas: Annotated[list[Dilemma], Distinct(4)] = []
    municipalities: Annotated[list[AreaCode], _Some] = []
    regions: Annotated[list[AreaCode], _Some] = []
    partners: Annotated[list[Id], _Some] = []
    roles: Annotated[list[RoleBody], Distinct(100, by=("party", "role"))] = []

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
    on: ProgrammeDay

    def command(self) -> ChangePhase:
        """What to do to an initiative."""
        return ChangePhase(self.phase, self.on)
