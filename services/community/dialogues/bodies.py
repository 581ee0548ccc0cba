"""What is asked of the dialogues."""

from typing import Annotated

from shared.contracts.community import DialoguePlanned, Finding
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.http.bodies import Body
from shared.http.fields import AreaCode, BySlug, Distinct, GroupSize, Id, OneLine, ProgrammeDay, Repeatable, Score

from .domain import Hold, WithdrawalReason

_Themes = Annotated[list[Theme], Distinct(4, least=1)]


class DialogueBody(Body):
    """A dialogue to plan. `id` is made by the client, so that a retry is harmless."""

    id: Id
    municipality: AreaCode
    neighbourhood: OneLine | None = None
    organiser: Id
    initiative: Id | None = None
    themes: _Themes
    planned_on: ProgrammeDay

    def event(self) -> DialoguePlanned:
        """The event of planning it."""
        return DialoguePlanned(
            dialogue=self.id,
            municipality=self.municipality,
            neighbourhood=self.neighbourhood,
            organiser=self.organiser,
            initiative=self.initiative,
            themes=tuple(self.themes),
            planned_on=self.planned_on,
        )


class FindingBody(Body):
    """How many participants gave each score from 1 to 5 on a topic."""

    topic: DialogueTopic
    scores: Annotated[list[Score], Repeatable(5, least=5)]

    def finding(self) -> Finding:
        """As the contract has it."""
        one, two, three, four, five = self.scores
        return Finding(topic=self.topic, scores=(one, two, three, four, five))


class HeldBody(Body):
    """How a dialogue was held: participants per named group, scores per topic, and what people will do.

    `actions` are shown to everyone: they must not name a person.
    """

    held_on: ProgrammeDay
    groups: Annotated[dict[Id, GroupSize], BySlug(10, least=1)]
    findings: Annotated[list[FindingBody], Distinct(8, least=1, by=("topic",))]
    actions: Annotated[list[OneLine], Distinct(20)] = []

    def command(self) -> Hold:
        """As the domain has it."""
        return Hold(
            held_on=self.held_on,
            groups=self.groups,
            findings=tuple(finding.finding() for finding in self.findings),
            actions=tuple(self.actions),
        )


class WithdrawalBody(Body):
    """Why a dialogue no longer counts."""

    reason: WithdrawalReason
