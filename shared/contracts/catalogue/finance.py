"""What the events of the finance service mean, whom they concern and how they are told."""

from ..finance import BudgetFindingPublished, BudgetLineAdopted, CapacityShareStated, CommitmentMade, DisbursementMade
from ..money import euro
from ..vocabulary import TriggerReason
from .entry import NOT_NEWS, Concerns, Entry, Names, News, No

_PAYMENT = No("One payment is no story; what does not tie in the budget is.")


def _budget(_: CommitmentMade | DisbursementMade | BudgetFindingPublished) -> str:
    return "/financien"


def _programme(_: BudgetLineAdopted | CapacityShareStated | BudgetFindingPublished) -> Concerns:
    """The programme as a whole."""
    return Concerns()


def _line_name(event: BudgetLineAdopted) -> str:
    return event.action


BUDGET_LINE_ADOPTED = Entry(
    BudgetLineAdopted,
    meaning="Een regel van de begroting is vastgesteld.",
    concerns=_programme,
    news=No("It only concerns who keeps the registers: the budget was adopted with the programme."),
    trigger=NOT_NEWS,
    name=_line_name,
)

CAPACITY_SHARE_STATED = Entry(
    CapacityShareStated,
    meaning="Welk deel van een prestatie inzet van ZET of Zorgbelang is.",
    concerns=_programme,
    news=No("It only concerns who keeps the registers: the budget was adopted with the programme."),
    trigger=NOT_NEWS,
)


def _recipient(event: CommitmentMade | DisbursementMade) -> Concerns:
    return Concerns(event.initiative, organisations=(event.recipient,))


def _payment(verb: str, event: CommitmentMade | DisbursementMade, names: Names) -> str:
    goal = f" voor {names.of('initiative', event.initiative)}" if event.initiative else ""
    return f"{euro(event.amount_cents)} {verb} aan {names.of('organisation', event.recipient)}{goal}"


def _commitment_made(event: CommitmentMade, names: Names) -> str:
    return f"{_payment('toegezegd', event, names)} uit ‘{names.of('budget-line', event.line)}’"


def _disbursement_made(event: DisbursementMade, names: Names) -> str:
    return _payment("betaald", event, names)


COMMITMENT_MADE = Entry(
    CommitmentMade,
    meaning="Geld van een begrotingsregel is toegezegd aan een organisatie.",
    concerns=_recipient,
    news=News("Toezegging", _commitment_made, _budget),
    trigger=_PAYMENT,
)

DISBURSEMENT_MADE = Entry(
    DisbursementMade,
    meaning="Onder een toezegging is betaald.",
    concerns=_recipient,
    news=News("Uitbetaling", _disbursement_made, _budget),
    trigger=_PAYMENT,
)


def _finding_published(event: BudgetFindingPublished, _: Names) -> str:
    return f"Bevinding bij de begroting: {event.title}"


BUDGET_FINDING_PUBLISHED = Entry(
    BudgetFindingPublished,
    meaning="Iets in de begroting sluit niet aan.",
    concerns=_programme,
    news=News("Begroting", _finding_published, _budget),
    trigger=TriggerReason.BUDGET_FINDING,
)
