"""Answers about findings. Every amount is a whole number of euro cents."""

from shared.contracts.vocabulary import BudgetFindingKind
from shared.http.bodies import View


class BudgetFindingView(View):
    """Something in the budget that does not tie; the difference is computed minus stated."""

    id: str
    kind: BudgetFindingKind
    title: str
    explanation: str
    paragraph: str
    stated_cents: int | None
    computed_cents: int | None
    difference_cents: int | None
