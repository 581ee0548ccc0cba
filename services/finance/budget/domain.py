"""The rules of the budget: pure decisions, no clock, no database. Every amount is a whole number of euro cents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated
from shared.contracts.money import euro
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.refusals import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Balance:
    """What there is, what of that was promised, and what of that was paid."""

    amount_cents: int = 0
    committed_cents: int = 0
    disbursed_cents: int = 0

    @property
    def available_cents(self) -> int:
        """What can still be promised."""
        return self.amount_cents - self.committed_cents

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(
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
    periods: Mapping[BudgetPeriod, Balance]


@dataclass(frozen=True, slots=True)
class CapacityShare:
    """The part of a performance's amount that is capacity of a party: inside the lines, never to be added."""

    id: str
    performance: Performance
    party: RoleParty
    period: BudgetPeriod
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PerformanceBudget:
    """What a performance has in a period, and the parts of it that are stated as a party's capacity."""

    amount_cents: int
    shares: Mapping[RoleParty, int]


def check_line(line: BudgetLineAdopted) -> None:
    """A line states each period once."""
    if len({amount.period for amount in line.amounts}) < len(line.amounts):
        raise Invalid("period-twice", "Elke periode mag één keer voorkomen.", "#/amounts")


def check_share(budget: PerformanceBudget, share: CapacityShareStated) -> None:
    """Shares lie inside the lines of their performance, one per party."""
    if share.party in budget.shares:
        raise Conflict(
            "share-already-stated",
            f"Voor deze prestatie en periode staat de inzet van {share.party} al vast.",
            "#/party",
        )
    left = budget.amount_cents - sum(budget.shares.values())
    if share.amount_cents > left:
        raise Conflict(
            "share-above-budget",
            f"Inzet valt binnen de begroting: van {euro(budget.amount_cents)} in {share.period} "
            f"is nog {euro(left)} niet als inzet benoemd.",
            "#/amountCents",
        )


def by_period(lines: Iterable[BudgetLine]) -> dict[BudgetPeriod, Balance]:
    """What lines have together in each period."""
    totals: dict[BudgetPeriod, Balance] = {}
    for line in lines:
        for period, balance in line.periods.items():
            totals[period] = totals.get(period, Balance()) + balance
    return dict(sorted(totals.items()))


def by_performance(lines: Iterable[BudgetLine]) -> dict[Performance, list[BudgetLine]]:
    """Lines by the performance they belong to, in the order of the budget."""
    groups: dict[Performance, list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault(line.performance, []).append(line)
    return groups
