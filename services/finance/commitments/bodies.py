"""Request bodies of commitments, and what they ask for. `id` is made by the client: a retry is harmless."""

from shared.contracts.vocabulary import BudgetPeriod
from shared.http.bodies import Body
from shared.http.fields import Cents, Id, ProgrammeDay

from .domain import Disburse, MakeCommitment


class CommitmentBody(Body):
    """Money of a line to promise to an organisation, for an initiative or not."""

    id: Id
    period: BudgetPeriod
    amount_cents: Cents
    recipient: Id
    initiative: Id | None
    made_on: ProgrammeDay

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
    paid_on: ProgrammeDay

    def command(self, commitment: str) -> Disburse:
        """What to do to a commitment."""
        return Disburse(self.id, commitment, self.amount_cents, self.paid_on)
