"""Request bodies of the budget, and what they ask for. `id` is made by the client: a retry is harmless."""

from typing import Annotated, Literal

from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated, PeriodAmount
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.http.bodies import Body
from shared.http.fields import Cents, CentsFromZero, Distinct, Id, OneLine, Ordinal


class PeriodAmountBody(Body):
    """What a line has in a period."""

    period: BudgetPeriod
    amount_cents: CentsFromZero


class BudgetLineBody(Body):
    """A line of the budget, as the document states it."""

    id: Id
    position: Ordinal
    performance: Performance
    action: OneLine
    amounts: Annotated[list[PeriodAmountBody], Distinct(10, least=1, by=("period",))]

    def event(self) -> BudgetLineAdopted:
        """What adopting it says; the order of the amounts says nothing."""
        return BudgetLineAdopted(
            line=self.id,
            position=self.position,
            performance=self.performance,
            action=self.action,
            amounts=tuple(
                PeriodAmount(period=amount.period, amount_cents=amount.amount_cents)
                for amount in sorted(self.amounts, key=lambda amount: amount.period)
            ),
        )


class CapacityShareBody(Body):
    """The part of a performance's amount that is capacity of ZET or Zorgbelang."""

    id: Id
    performance: Performance
    party: Literal["zet", "zorgbelang"]
    period: BudgetPeriod
    amount_cents: Cents

    def event(self) -> CapacityShareStated:
        """What stating it says."""
        return CapacityShareStated(
            share=self.id,
            performance=self.performance,
            party=RoleParty(self.party),
            period=self.period,
            amount_cents=self.amount_cents,
        )
