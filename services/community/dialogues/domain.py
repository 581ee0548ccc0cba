"""The rules of a dialogue: planned, then held or withdrawn. Pure decisions, no clock, no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.contracts import Contract
from shared.contracts.community import (
    DialogueFindingsRecorded,
    DialogueFindingsWithdrawn,
    DialogueHeld,
    DialogueWithdrawn,
    Finding,
)
from shared.contracts.term import Term
from shared.contracts.vocabulary import Theme
from shared.refusals import Conflict, Invalid

_AREA_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}", re.ASCII)


class Status(Term, dutch="stand van een dialoog"):
    """Where a dialogue is in its life; withdrawn is final."""

    PLANNED = "planned", "gepland"
    HELD = "held", "gehouden"
    WITHDRAWN = "withdrawn", "ingetrokken"


class WithdrawalReason(Term, dutch="reden van intrekking"):
    """Why a dialogue no longer counts."""

    CANCELLED = "cancelled", "ging niet door"
    WRONG_DATA = "wrong-data", "de gegevens klopten niet"
    REQUEST_OF_PARTICIPANTS = "request-of-participants", "op verzoek van de deelnemers"


@dataclass(frozen=True, slots=True)
class Hold:
    """Record that a dialogue was held: when, by how many people per group, and what came of it."""

    held_on: date
    groups: Mapping[str, int]
    findings: tuple[Finding, ...]
    actions: tuple[str, ...]

    @property
    def participants(self) -> int:
        """Everyone who was there."""
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a decision needs to know."""

    id: str
    municipality: str
    neighbourhood: str | None
    organiser: str
    initiative: str | None
    themes: tuple[Theme, ...]
    planned_on: date
    status: Status


@dataclass(frozen=True, slots=True)
class DialogueFilter:
    """Which dialogues: every part that is given must fit."""

    municipality: str | None = None
    initiative: str | None = None
    status: Status | None = None


def check(command: Hold) -> None:
    """Refuse what can never be right: a topic twice, or more scores than people."""
    for n, finding in enumerate(command.findings):
        if any(finding.topic == earlier.topic for earlier in command.findings[:n]):
            raise Invalid("topic-twice", f"Het onderwerp {finding.topic} staat er al.", f"#/findings/{n}/topic")
        given = sum(finding.scores)
        if not 1 <= given <= command.participants:
            raise Invalid(
                "scores-not-of-participants",
                f"Bij {finding.topic} staan {given} scores; verwacht 1 tot en met het aantal deelnemers, "
                f"{command.participants}.",
                f"#/findings/{n}/scores",
            )


def hold(state: Dialogue, command: Hold, today: date, threshold: int) -> tuple[DialogueHeld, DialogueFindingsRecorded]:
    """A planned dialogue is held once, on or after the day it was planned for.

    What is answered to a second time does not depend on what was recorded the first time: it may not be public.
    """
    if state.status is Status.WITHDRAWN:
        raise Conflict("dialogue-withdrawn", "Deze dialoog is ingetrokken en kan niet meer worden gehouden.")
    if state.status is Status.HELD:
        raise Conflict(
            "dialogue-held", "Van deze dialoog is al een uitkomst vastgelegd: een tweede wordt niet aangenomen."
        )
    if command.held_on < state.planned_on:
        raise Conflict(
            "held-before-planned", f"Deze dialoog is gepland op {state.planned_on}: kies die dag of later.", "#/heldOn"
        )
    if command.held_on > today:
        raise Conflict("date-in-future", "Een dialoog kan niet in de toekomst zijn gehouden.", "#/heldOn")
    told = command.participants >= threshold
    held = DialogueHeld(
        dialogue=state.id,
        municipality=state.municipality,
        organiser=state.organiser,
        initiative=state.initiative,
        themes=state.themes,
        held_on=command.held_on,
        participants=command.participants if told else None,
        topics=tuple(finding.topic for finding in command.findings),
        action_count=len(command.actions) if told else None,
    )
    recorded = DialogueFindingsRecorded(
        dialogue=state.id,
        municipality=state.municipality,
        held_on=command.held_on,
        findings=command.findings,
        neighbourhood=_code(state.neighbourhood),
    )
    return held, recorded


def _code(neighbourhood: str | None) -> str | None:
    """A neighbourhood as the monitor may know it: by its code. A name is told to people only."""
    return neighbourhood if neighbourhood is not None and _AREA_CODE.fullmatch(neighbourhood) else None


def withdraw(state: Dialogue) -> tuple[Contract, ...]:
    """The events of a withdrawal: none the second time; when it was held, also that its scores no longer count."""
    if state.status is Status.WITHDRAWN:
        return ()
    was_held = state.status is Status.HELD
    withdrawn = DialogueWithdrawn(
        dialogue=state.id,
        municipality=state.municipality,
        organiser=state.organiser,
        initiative=state.initiative,
        themes=state.themes,
        was_held=was_held,
    )
    return (withdrawn, DialogueFindingsWithdrawn(dialogue=state.id)) if was_held else (withdrawn,)
