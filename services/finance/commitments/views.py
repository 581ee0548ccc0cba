"""Answers about commitments. Every amount is a whole number of euro cents."""

from collections.abc import Iterable
from datetime import date

from shared.contracts.vocabulary import BudgetPeriod
from shared.http.bodies import View

from .domain import Commitment, Disburse


class CommitmentView(View):
    """Money of a line promised to an organisation; `remainingCents` can still be paid."""

    id: str
    line: str
    period: BudgetPeriod
    amount_cents: int
    disbursed_cents: int
    remaining_cents: int
    recipient: str
    initiative: str | None
    made_on: date


class Commitments(View):
    """A page of commitments; `next` is the cursor for the following page, null on the last."""

    items: list[CommitmentView]
    next: str | None


class DisbursementView(View):
    """Money paid under a commitment."""

    id: str
    commitment: str
    amount_cents: int
    paid_on: date


class CommitmentDetail(CommitmentView):
    """A commitment with what was paid under it, oldest first."""

    disbursements: list[DisbursementView]


def commitment_view(commitment: Commitment) -> CommitmentView:
    """A commitment to answer with."""
    made = commitment.made
    return CommitmentView(
        id=made.commitment,
        line=made.line,
        period=made.period,
        amount_cents=made.amount_cents,
        disbursed_cents=commitment.disbursed_cents,
        remaining_cents=commitment.remaining_cents,
        recipient=made.recipient,
        initiative=made.initiative,
        made_on=made.made_on,
    )


def disbursement_view(disbursement: Disburse) -> DisbursementView:
    """A disbursement to answer with."""
    return DisbursementView(
        id=disbursement.disbursement,
        commitment=disbursement.commitment,
        amount_cents=disbursement.amount_cents,
        paid_on=disbursement.paid_on,
    )


def commitment_detail(commitment: Commitment, disbursements: Iterable[Disburse]) -> CommitmentDetail:
    """A commitment to answer with, and its disbursements."""
    return CommitmentDetail(
        **dict(commitment_view(commitment)), disbursements=[disbursement_view(one) for one in disbursements]
    )
