"""Request bodies of the finance service, and what they ask for. `id` is made by the client: a retry is harmless."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.finance import BudgetFindingPublished, BudgetLineAdopted, CapacityShareStated, PeriodAmount
from shared.contracts.vocabulary import BudgetFindingKind, BudgetPeriod, Performance, RoleParty
from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

from .domain import Disburse, MakeCommitment, difference

_MOST = 100_000_000_000_00
#: Whole cents, at least one.
Cents = Annotated[int, Field(strict=True, ge=1, le=_MOST)]
#: Whole cents; nothing is an amount too.
CentsFromZero = Annotated[int, Field(strict=True, ge=0, le=_MOST)]


class PeriodAmountBody(Body):
    """What a line has in a period."""

    period: BudgetPeriod
    amount_cents: CentsFromZero


class BudgetLineBody(Body):
    """A line of the budget, as the document states it."""

    id: Id
    position: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    performance: Performance
    action: OneLine
    amounts: Annotated[list[PeriodAmountBody], Field(min_length=1, max_length=10)]

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


class CommitmentBody(Body):
    """Money of a line to promise to an organisation, for an initiative or not."""

    id: Id
    period: BudgetPeriod
    amount_cents: Cents
    recipient: Id
    initiative: Id | None
    made_on: Day

    def command(self, line: str) -> MakeCommitment:
        """What to do to a line."""
        return MakeCommitment(
            commitment=self.id,
            line=line,
            period=self.period,
            amount_cents=self.amount_cents,
            recipient=self.recipient,
            initiative=self.initiative,
            made_on=self.made_on,
        )


class DisbursementBody(Body):
    """Money to pay under a commitment."""

    id: Id
    amount_cents: Cents
    paid_on: Day

    def command(self, commitment: str) -> Disburse:
        """What to do to a commitment."""
        return Disburse(self.id, commitment, self.amount_cents, self.paid_on)


class FindingBody(Body):
    """Something in the budget that does not tie, as found."""

    id: Id
    kind: BudgetFindingKind
    title: OneLine
    explanation: Text
    paragraph: OneLine
    stated_cents: CentsFromZero | None
    computed_cents: CentsFromZero | None

    def event(self) -> BudgetFindingPublished:
        """What publishing it says."""
        return BudgetFindingPublished(
            finding=self.id,
            finding_kind=self.kind,
            title=self.title,
            explanation=self.explanation,
            paragraph=self.paragraph,
            stated_cents=self.stated_cents,
            computed_cents=self.computed_cents,
            difference_cents=difference(self.stated_cents, self.computed_cents),
        )
