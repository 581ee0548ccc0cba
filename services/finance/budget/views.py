"""Answers of the budget. Every amount is a whole number of euro cents."""

from collections.abc import Mapping, Sequence

from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.http.bodies import View

from .domain import Balance, BudgetLine, CapacityShare, by_performance, by_period


class BalanceView(View):
    """What there is, what of that was promised and paid, and what can still be promised."""

    amount_cents: int
    committed_cents: int
    disbursed_cents: int
    available_cents: int


class PeriodBalanceView(BalanceView):
    """How a line stands in a period."""

    period: BudgetPeriod


class BudgetLineView(View):
    """A line of the budget and how it stands."""

    id: str
    position: int
    performance: Performance
    action: str
    amounts: list[PeriodBalanceView]


class CapacityShareView(View):
    """The part of a performance's amount that is capacity of a party: inside the lines, never to be added."""

    id: str
    performance: Performance
    party: RoleParty
    period: BudgetPeriod
    amount_cents: int


class PartyCapacityView(View):
    """The part of an amount that is capacity of a party. It is in the amount already: never add it."""

    party: RoleParty
    amount_cents: int


class SummaryPeriod(PeriodBalanceView):
    """How a period stands, with the capacity shares inside its amount; empty when none are stated."""

    inside: list[PartyCapacityView]


class PerformanceSummary(View):
    """How a performance stands in each period."""

    performance: Performance
    periods: list[SummaryPeriod]


class Summary(View):
    """The budget as a whole, per period, and per performance."""

    total: BalanceView
    periods: list[SummaryPeriod]
    performances: list[PerformanceSummary]


def balance_view(balance: Balance) -> BalanceView:
    """A balance to answer with."""
    return BalanceView.model_validate(balance)


def line_view(line: BudgetLine) -> BudgetLineView:
    """A line to answer with."""
    return BudgetLineView(
        id=line.id,
        position=line.position,
        performance=line.performance,
        action=line.action,
        amounts=[
            PeriodBalanceView(period=period, **dict(balance_view(balance))) for period, balance in line.periods.items()
        ],
    )


def share_view(share: CapacityShare) -> CapacityShareView:
    """A capacity share to answer with."""
    return CapacityShareView.model_validate(share)


def summary(lines: Sequence[BudgetLine], shares: Sequence[CapacityShare]) -> Summary:
    """Everything from the same lines, so that the totals tie."""
    totals = by_period(lines)
    return Summary(
        total=balance_view(sum(totals.values(), Balance())),
        periods=_periods(totals, shares),
        performances=[
            PerformanceSummary(
                performance=performance,
                periods=_periods(by_period(group), [s for s in shares if s.performance is performance]),
            )
            for performance, group in by_performance(lines).items()
        ],
    )


def _periods(totals: Mapping[BudgetPeriod, Balance], shares: Sequence[CapacityShare]) -> list[SummaryPeriod]:
    return [
        SummaryPeriod(period=period, inside=_inside(period, shares), **dict(balance_view(balance)))
        for period, balance in totals.items()
    ]


def _inside(period: BudgetPeriod, shares: Sequence[CapacityShare]) -> list[PartyCapacityView]:
    sums: dict[RoleParty, int] = {}
    for share in shares:
        if share.period is period:
            sums[share.party] = sums.get(share.party, 0) + share.amount_cents
    return [PartyCapacityView(party=party, amount_cents=amount) for party, amount in sorted(sums.items())]
