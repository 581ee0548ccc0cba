"""Which events are news, and for whom: pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from shared.contracts import Contract
from shared.contracts.community import DialogueHeld, DialoguePlanned, DialogueWithdrawn, OrganisationRegistered
from shared.contracts.finance import BudgetFindingPublished, BudgetLineAdopted, CommitmentMade, DisbursementMade
from shared.contracts.initiatives import InitiativePhaseChanged, InitiativeRegistered, LessonDrawn
from shared.contracts.monitor import (
    AggregateMoved,
    AreaRegistered,
    BaselineRecorded,
    EditionPublished,
    GoalJudged,
    IndicatorRegistered,
    ObservationsImported,
)
from shared.contracts.vocabulary import AreaLevel, SourceKind, Theme

#: A quarter or a year.
_LONGER = re.compile(r"\d{4}(-Q[1-4])?", re.ASCII)

#: The event types that can become an activity.
TYPES = tuple(
    sorted(
        contract.type
        for contract in (
            InitiativeRegistered,
            InitiativePhaseChanged,
            LessonDrawn,
            OrganisationRegistered,
            DialoguePlanned,
            DialogueHeld,
            DialogueWithdrawn,
            CommitmentMade,
            DisbursementMade,
            BudgetFindingPublished,
            BaselineRecorded,
            AggregateMoved,
            ObservationsImported,
            EditionPublished,
            GoalJudged,
        )
    )
)


@dataclass(frozen=True, slots=True)
class Activity:
    """An event that people would call news, and what it belongs to."""

    initiative: str | None = None
    areas: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    organisations: tuple[str, ...] = ()


class Name(NamedTuple):
    """What something is called in a text; `kind` is that of its subject."""

    kind: str
    id: str
    name: str


def activity_of(event: Contract) -> Activity | None:
    """What an event is as news. None: it is kept from view, or only concerns who keeps the registers."""
    match event:
        case InitiativeRegistered():
            return Activity(event.initiative, event.municipalities + event.regions, event.themes, event.partners)
        case InitiativePhaseChanged() | LessonDrawn():
            return Activity(event.initiative, event.municipalities, event.themes)
        case OrganisationRegistered():
            return Activity(organisations=(event.organisation,))
        case DialoguePlanned() | DialogueHeld() | DialogueWithdrawn():
            return Activity(event.initiative, (event.municipality,), event.themes, (event.organiser,))
        case CommitmentMade() | DisbursementMade():
            return Activity(event.initiative, organisations=(event.recipient,))
        case BudgetFindingPublished() | ObservationsImported() | EditionPublished():
            return Activity()
        case GoalJudged():
            return Activity(areas=(event.area,) if event.area else ())
        case BaselineRecorded():
            return Activity(areas=event.areas, themes=(event.theme,) if event.theme else ())
        case AggregateMoved(suppressed=False) if is_news(event):
            return Activity(areas=(event.area,), themes=(event.theme,))
        case _:
            return None


def is_news(moved: AggregateMoved) -> bool:
    """Whether a figure that moved is told to people: one of dialogues, by the month.

    A dialogue moves its quarter and year too, and an import of a survey moves thousands at once.
    """
    longer = _LONGER.fullmatch(moved.period) is not None
    return not longer and moved.source is SourceKind.DIALOGUE and moved.level is not AreaLevel.NEIGHBOURHOOD


def name_of(event: Contract) -> Name | None:
    """The name that an event gives to its subject."""
    match event:
        case AreaRegistered() | OrganisationRegistered():
            return Name(event.kind, event.key, event.name)
        case InitiativeRegistered():
            return Name(event.kind, event.key, event.title)
        case IndicatorRegistered():
            return Name(event.kind, event.key, event.name_nl)
        case BudgetLineAdopted():
            return Name(event.kind, event.key, event.action)
        case _:
            return None


def tags_of(type_: str, activity: Activity) -> frozenset[str]:
    """What a selection looks at."""
    return frozenset(
        (
            f"type:{type_}",
            *([f"initiative:{activity.initiative}"] if activity.initiative else []),
            *(f"municipality:{area}" for area in activity.areas),
            *(f"theme:{theme}" for theme in activity.themes),
            *(f"organisation:{organisation}" for organisation in activity.organisations),
        )
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """Which activities: every part that is given must fit. `municipality` takes the code of any area."""

    initiative: str | None = None
    municipality: str | None = None
    theme: str | None = None
    organisation: str | None = None
    type: str | None = None

    def accepts(self, tags: Collection[str]) -> bool:
        """Whether an activity with these tags is asked for."""
        return all(
            value is None or f"{part}:{value}" in tags
            for part, value in (
                ("initiative", self.initiative),
                ("municipality", self.municipality),
                ("theme", self.theme),
                ("organisation", self.organisation),
                ("type", self.type),
            )
        )
