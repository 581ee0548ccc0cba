"""The rules of the budget: pure decisions, no clock, no database. Every amount is a whole number of euro cents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated, CommitmentMade, DisbursementMade
from shared.contracts.money import euro
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.refusals import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Figures:
    """What there is, what of that was promised, and what of that was paid."""

    amount_cents: int = 0
    committed_cents: int = 0
    disbursed_cents: int = 0

    @property
    def available_cents(self) -> int:
        """What can still be promised."""
        return self.amount_cents - self.committed_cents

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.amount_cents + other.amount_cents,
            self.committed_cents + other.committed_cents,
            self.disbursed_cents + other.disbursed_cents,
        )


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of the budget and how it stands in each of its periods."""

    id: str
    position: int
    performance: Performance
    action: str
    periods: Mapping[BudgetPeriod, Figures]


@dataclass(frozen=True, slots=True)
class Room:
    """What a performance has in a period, and the parts of it that are stated as a party's capacity."""

    amount_cents: int
    shares: Mapping[RoleParty, int]


@dataclass(frozen=True, slots=True)
class MakeCommitment:
    """Promise money of a budget line to an organisation."""

    commitment: str
    line: str
    period: BudgetPeriod
    amount_cents: int
    recipient: str
    initiative: str | None
    made_on: date


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise and what was paid under it."""

    made: MakeCommitment
    disbursed_cents: int

    @property
    def remaining_cents(self) -> int:
        """What can still be paid."""
        return self.made.amount_cents - self.disbursed_cents


@dataclass(frozen=True, slots=True)
class Disburse:
    """Pay under a commitment."""

    disbursement: str
    commitment: str
    amount_cents: int
    paid_on: date


def check_line(line: BudgetLineAdopted) -> None:
    """A line states each period once."""
    if len({amount.period for amount in line.amounts}) < len(line.amounts):
        raise Invalid("period-twice", "Elke periode mag één keer voorkomen.", "#/amounts")


def check_share(room: Room, share: CapacityShareStated) -> None:
    """Shares lie inside the lines of their performance, one per party."""
    if share.party in room.shares:
        raise Conflict(
            "share-already-stated",
            f"Voor deze prestatie en periode staat de inzet van {share.party} al vast.",
            "#/party",
        )
    left = room.amount_cents - sum(room.shares.values())
    if share.amount_cents > left:
        raise Conflict(
            "share-above-budget",
            f"Inzet valt binnen de begroting: van {euro(room.amount_cents)} in {share.period} "
            f"is nog {euro(left)} niet als inzet benoemd.",
            "#/amountCents",
        )


def make_commitment(line: BudgetLine, command: MakeCommitment, today: date) -> CommitmentMade:
    """No more is promised than the line has in the period."""
    figures = line.periods.get(command.period)
    if figures is None:
        raise Conflict("period-not-in-line", f"Deze regel heeft geen bedrag voor {command.period}.", "#/period")
    if command.made_on > today:
        raise Conflict("date-in-future", "Een verplichting kan niet in de toekomst zijn aangegaan.", "#/madeOn")
    if command.amount_cents > figures.available_cents:
        raise Conflict(
            "above-available",
            f"Van {euro(figures.amount_cents)} in {command.period} is nog {euro(figures.available_cents)} "
            f"beschikbaar; gevraagd is {euro(command.amount_cents)}.",
            "#/amountCents",
        )
    return CommitmentMade(
        line=line.id,
        commitment=command.commitment,
        period=command.period,
        amount_cents=command.amount_cents,
        recipient=command.recipient,
        initiative=command.initiative,
        made_on=command.made_on,
    )


def disburse(commitment: Commitment, command: Disburse, today: date) -> DisbursementMade:
    """No more is paid than was promised, and not before it was promised."""
    made = commitment.made
    if command.paid_on > today:
        raise Conflict("date-in-future", "Een betaling kan niet in de toekomst zijn gedaan.", "#/paidOn")
    if command.paid_on < made.made_on:
        raise Conflict(
            "paid-before-committed",
            f"De verplichting is aangegaan op {made.made_on}: kies die dag of later.",
            "#/paidOn",
        )
    if command.amount_cents > commitment.remaining_cents:
        raise Conflict(
            "above-commitment",
            f"Van de verplichting van {euro(made.amount_cents)} is nog {euro(commitment.remaining_cents)} "
            f"te betalen; gevraagd is {euro(command.amount_cents)}.",
            "#/amountCents",
        )
    return DisbursementMade(
        line=made.line,
        commitment=made.commitment,
        disbursement=command.disbursement,
        amount_cents=command.amount_cents,
        recipient=made.recipient,
        initiative=made.initiative,
        paid_on=command.paid_on,
    )


def difference(stated_cents: int | None, computed_cents: int | None) -> int | None:
    """Computed minus stated; None when no amounts are at stake."""
    return None if stated_cents is None or computed_cents is None else computed_cents - stated_cents


def by_period(lines: Iterable[BudgetLine]) -> dict[BudgetPeriod, Figures]:
    """What lines have together in each period."""
    totals: dict[BudgetPeriod, Figures] = {}
    for line in lines:
        for period, figures in line.periods.items():
            totals[period] = totals.get(period, Figures()) + figures
    return dict(sorted(totals.items()))


def by_performance(lines: Iterable[BudgetLine]) -> dict[Performance, list[BudgetLine]]:
    """Lines by the performance they belong to, in the order of the budget."""
    groups: dict[Performance, list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault(line.performance, []).append(line)
    return groups
