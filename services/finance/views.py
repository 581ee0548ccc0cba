"""Answers of the finance service. Every amount is a whole number of euro cents."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shared.contracts.vocabulary import BudgetFindingKind, BudgetPeriod, Performance, RoleParty
from shared.database import Record
from shared.http.bodies import View

from .domain import BudgetLine, Commitment, Disburse, Figures, by_performance, by_period


class FiguresView(View):
    """What there is, what of that was promised and paid, and what can still be promised."""

    amount_cents: int
    committed_cents: int
    disbursed_cents: int
    available_cents: int


class PeriodView(FiguresView):
    """How a line stands in a period."""

    period: BudgetPeriod


class BudgetLineView(View):
    """A line of the budget and how it stands."""

    id: str
    position: int
    performance: Performance
    action: str
    amounts: list[PeriodView]


class CapacityShareView(View):
    """The part of a performance's amount that is capacity of a party: inside the lines, never to be added."""

    id: str
    performance: Performance
    party: RoleParty
    period: BudgetPeriod
    amount_cents: int


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


class FindingView(View):
    """Something in the budget that does not tie; the difference is computed minus stated."""

    id: str
    kind: BudgetFindingKind
    title: str
    explanation: str
    paragraph: str
    stated_cents: int | None
    computed_cents: int | None
    difference_cents: int | None


class InsideView(View):
    """The part of an amount that is capacity of a party. It is in the amount already: never add it."""

    party: RoleParty
    amount_cents: int


class SummaryPeriod(PeriodView):
    """How a period stands, with the capacity shares inside its amount; empty when none are stated."""

    inside: list[InsideView]


class PerformanceSummary(View):
    """How a performance stands in each period."""

    performance: Performance
    periods: list[SummaryPeriod]


class Summary(View):
    """The budget as a whole, per period, and per performance."""

    total: FiguresView
    periods: list[SummaryPeriod]
    performances: list[PerformanceSummary]


def figures(of: Figures) -> FiguresView:
    """Figures to answer with."""
    return FiguresView.model_validate(of)


def line(of: BudgetLine) -> BudgetLineView:
    """A line to answer with."""
    return BudgetLineView(
        id=of.id,
        position=of.position,
        performance=of.performance,
        action=of.action,
        amounts=[PeriodView(period=period, **dict(figures(there))) for period, there in of.periods.items()],
    )


def commitment(of: Commitment) -> CommitmentView:
    """A commitment to answer with."""
    made = of.made
    return CommitmentView(
        id=made.commitment,
        line=made.line,
        period=made.period,
        amount_cents=made.amount_cents,
        disbursed_cents=of.disbursed_cents,
        remaining_cents=of.remaining_cents,
        recipient=made.recipient,
        initiative=made.initiative,
        made_on=made.made_on,
    )


def disbursement(of: Disburse) -> DisbursementView:
    """A disbursement to answer with."""
    return DisbursementView(
        id=of.disbursement, commitment=of.commitment, amount_cents=of.amount_cents, paid_on=of.paid_on
    )


def detail(of: Commitment, paid: Iterable[Disburse]) -> CommitmentDetail:
    """A commitment to answer with, and its disbursements."""
    return CommitmentDetail(**dict(commitment(of)), disbursements=[disbursement(one) for one in paid])


def summary(lines: Sequence[BudgetLine], shares: Sequence[Record]) -> Summary:
    """Everything from the same lines, so that the totals tie."""
    totals = by_period(lines)
    return Summary(
        total=figures(sum(totals.values(), Figures())),
        periods=_periods(totals, shares),
        performances=[
            PerformanceSummary(
                performance=performance,
                periods=_periods(by_period(group), [s for s in shares if s["performance"] == performance]),
            )
            for performance, group in by_performance(lines).items()
        ],
    )


def _periods(totals: Mapping[BudgetPeriod, Figures], shares: Sequence[Record]) -> list[SummaryPeriod]:
    return [
        SummaryPeriod(period=period, inside=_inside(period, shares), **dict(figures(there)))
        for period, there in totals.items()
    ]


def _inside(period: BudgetPeriod, shares: Sequence[Record]) -> list[InsideView]:
    sums: dict[RoleParty, int] = {}
    for share in shares:
        if share["period"] == period:
            party = RoleParty(share["party"])
            sums[party] = sums.get(party, 0) + share["amount_cents"]
    return [InsideView(party=party, amount_cents=amount) for party, amount in sorted(sums.items())]
