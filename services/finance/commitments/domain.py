"""The rules of promising and paying: pure decisions, no clock, no database. Amounts are whole euro cents."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.finance import CommitmentMade, DisbursementMade
from shared.contracts.money import euro
from shared.contracts.vocabulary import BudgetPeriod
from shared.refusals import Conflict

from ..budget.domain import BudgetLine


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


def make_commitment(line: BudgetLine, command: MakeCommitment, today: date) -> CommitmentMade:
    """No more is promised than the line has in the period."""
    balance = line.periods.get(command.period)
    if balance is None:
        raise Conflict("period-not-in-line", f"Deze regel heeft geen bedrag voor {command.period}.", "#/period")
    if command.made_on > today:
        raise Conflict("date-in-future", "Een verplichting kan niet in de toekomst zijn aangegaan.", "#/madeOn")
    if command.amount_cents > balance.available_cents:
        raise Conflict(
            "above-available",
            f"Van {euro(balance.amount_cents)} in {command.period} is nog {euro(balance.available_cents)} "
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
