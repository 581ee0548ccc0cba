"""What is asked of the dialogues."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.contracts.community import DialoguePlanned, Finding
from shared.contracts.vocabulary import DialogueTopic, Theme
from shared.http.bodies import Body
from shared.http.fields import AreaCode, Day, Id, OneLine

from .domain import Hold, WithdrawalReason

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def _no_theme_twice(themes: Sequence[Theme]) -> Sequence[Theme]:
    if len(set(themes)) < len(themes):
        raise ValueError("elk thema hoogstens één keer")
    return themes


def _named_by_slugs(groups: dict[str, int]) -> dict[str, int]:
    for name in groups:
        if not _SLUG.fullmatch(name):
            raise ValueError(f"de naam van een groep past niet bij het patroon {_SLUG.pattern}")
    return groups


_Count = Annotated[int, Field(ge=1, le=10_000, strict=True)]
_Score = Annotated[int, Field(ge=0, le=10_000, strict=True)]
_Groups = Annotated[dict[str, _Count], Field(min_length=1, max_length=10), AfterValidator(_named_by_slugs)]
_Themes = Annotated[list[Theme], Field(min_length=1, max_length=4), AfterValidator(_no_theme_twice)]


class DialogueBody(Body):
    """A dialogue to plan. `id` is made by the client, so that a retry is harmless."""

    id: Id
    municipality: AreaCode
    neighbourhood: OneLine | None = None
    organiser: Id
    initiative: Id | None = None
    themes: _Themes
    planned_on: Day

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
    scores: Annotated[list[_Score], Field(min_length=5, max_length=5)]

    def finding(self) -> Finding:
        """As the contract has it."""
        one, two, three, four, five = self.scores
        return Finding(topic=self.topic, scores=(one, two, three, four, five))


class HeldBody(Body):
    """How a dialogue was held: participants per named group, scores per topic, and what people will do.

    `actions` are shown to everyone: they must not name a person.
    """

    held_on: Day
    groups: _Groups
    findings: Annotated[list[FindingBody], Field(min_length=1, max_length=8)]
    actions: Annotated[list[OneLine], Field(max_length=20)] = []

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
