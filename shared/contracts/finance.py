"""What the finance service publishes. Every amount is a whole number of euro cents."""

from datetime import date
from typing import ClassVar

import msgspec

from .envelope import Contract
from .vocabulary import BudgetFindingKind, BudgetPeriod, Performance, RoleParty

LINES = "finance.budget-lines"


class PeriodAmount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a budget line has in one period."""

    period: BudgetPeriod
    amount_cents: int


class BudgetLineAdopted(Contract, frozen=True, kw_only=True):
    """A line of the programme's budget, as stated in the document."""

    type: ClassVar[str] = "nl.veerkracht.budget-line.adopted.v1"
    topic: ClassVar[str] = LINES
    kind: ClassVar[str] = "budget-line"
    key_field: ClassVar[str] = "line"

    line: str
    position: int
    performance: Performance
    action: str
    amounts: tuple[PeriodAmount, ...]


class CapacityShareStated(Contract, frozen=True, kw_only=True):
    """The part of a performance's amount that is capacity of ZET or Zorgbelang: inside the lines, never added."""

    type: ClassVar[str] = "nl.veerkracht.capacity-share.stated.v1"
    topic: ClassVar[str] = LINES
    kind: ClassVar[str] = "capacity-share"
    key_field: ClassVar[str] = "share"

    share: str
    performance: Performance
    party: RoleParty
    period: BudgetPeriod
    amount_cents: int


class CommitmentMade(Contract, frozen=True, kw_only=True):
    """Money of a budget line was promised to an organisation."""

    type: ClassVar[str] = "nl.veerkracht.commitment.made.v1"
    topic: ClassVar[str] = LINES
    kind: ClassVar[str] = "budget-line"
    key_field: ClassVar[str] = "line"

    line: str
    commitment: str
    period: BudgetPeriod
    amount_cents: int
    recipient: str
    initiative: str | None
    made_on: date


class DisbursementMade(Contract, frozen=True, kw_only=True):
    """Money was paid under a commitment."""

    type: ClassVar[str] = "nl.veerkracht.disbursement.made.v1"
    topic: ClassVar[str] = LINES
    kind: ClassVar[str] = "budget-line"
    key_field: ClassVar[str] = "line"

    line: str
    commitment: str
    disbursement: str
    amount_cents: int
    recipient: str
    initiative: str | None
    paid_on: date


class BudgetFindingPublished(Contract, frozen=True, kw_only=True):
    """Something in the budget does not tie. Imported as stated, never corrected.

    `difference_cents` is computed minus stated, null when no amounts are at stake.
    """

    type: ClassVar[str] = "nl.veerkracht.budget-finding.published.v1"
    topic: ClassVar[str] = "finance.findings"
    kind: ClassVar[str] = "budget-finding"
    key_field: ClassVar[str] = "finding"

    finding: str
    finding_kind: BudgetFindingKind
    title: str
    explanation: str
    paragraph: str
    stated_cents: int | None
    computed_cents: int | None
    difference_cents: int | None
