"""The Dutch page of finance: the budget, what does not tie in it, and the newest commitments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.database import one_moment
from shared.http.request_state import pool_of
from shared.web import pages
from shared.web.menu import MenuEntry

from ..budget import reader as budget
from ..budget.domain import Balance, BudgetLine, CapacityShare, by_performance, by_period
from ..commitments import reader as commitments
from ..findings import reader as findings

router = APIRouter(include_in_schema=False)
MENU = MenuEntry("/financien", "Financiën", 50)
_TEMPLATES = Path(__file__).parent / "templates"
_RECENT = 20


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """Amounts per period, and how they stand together."""

    label: str
    periods: Mapping[BudgetPeriod, Balance]

    @property
    def total(self) -> Balance:
        """All periods together."""
        return sum(self.periods.values(), Balance())

    @property
    def committed_percent(self) -> float:
        """The part of the total that was promised."""
        total = self.total
        return 100 * total.committed_cents / total.amount_cents if total.amount_cents else 0.0


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """The part of a performance that is capacity of a party."""

    party: RoleParty
    periods: Mapping[BudgetPeriod, int]


@dataclass(frozen=True, slots=True)
class PerformanceRows:
    """A performance: its lines, what they are together, and the capacity inside."""

    performance: Performance
    lines: list[BudgetRow]
    sum: BudgetRow
    inside: list[CapacityRow]


@router.get("/financien")
async def finance_page(request: Request) -> Response:
    """The budget, what does not tie in it, and the newest commitments."""
    async with pool_of(request).acquire() as connection, one_moment(connection):
        lines = await budget.all_lines(connection)
        context = {
            "periods": BudgetPeriod,
            "performances": _by_performance(lines, await budget.all_shares(connection)),
            "sum": BudgetRow("Totaal", by_period(lines)),
            "findings": await findings.all_findings(connection),
            "commitments": await commitments.recent_commitments(connection, _RECENT),
            "actions": {line.id: line.action for line in lines},
            "organisations": await directory.names(connection, "organisation"),
            "initiatives": await directory.names(connection, "initiative"),
        }
    return pages.page(_TEMPLATES, "financien.html", "finance", context)


def _by_performance(lines: Iterable[BudgetLine], shares: Sequence[CapacityShare]) -> list[PerformanceRows]:
    return [
        PerformanceRows(
            performance=performance,
            lines=[BudgetRow(line.action, line.periods) for line in group],
            sum=BudgetRow("Samen", by_period(group)),
            inside=_by_party(share for share in shares if share.performance is performance),
        )
        for performance, group in by_performance(lines).items()
    ]


def _by_party(shares: Iterable[CapacityShare]) -> list[CapacityRow]:
    found: dict[RoleParty, dict[BudgetPeriod, int]] = {}
    for share in shares:
        found.setdefault(share.party, {})[share.period] = share.amount_cents
    return [CapacityRow(party, amounts) for party, amounts in sorted(found.items())]
