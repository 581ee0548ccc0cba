"""Request bodies of the findings, and what they ask for. `id` is made by the client: a retry is harmless."""

from shared.contracts.finance import BudgetFindingPublished
from shared.contracts.vocabulary import BudgetFindingKind
from shared.http.bodies import Body
from shared.http.fields import CentsFromZero, Id, OneLine, Text

from .domain import difference


class BudgetFindingBody(Body):
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
