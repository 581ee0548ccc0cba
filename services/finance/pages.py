"""The Dutch page of the finance service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared import directory
from shared.contracts.vocabulary import BudgetFindingKind, BudgetPeriod, Performance, RoleParty
from shared.database import Record
from shared.http.request_state import pool_of
from shared.web import pages

from . import store
from .domain import BudgetLine, Figures, by_performance, by_period

router = APIRouter(include_in_schema=False)
_TEMPLATES = Path(__file__).parent / "templates"
_RECENT = 20

PERFORMANCES = {
    Performance.CONCRETE_INITIATIVES: "Concrete initiatieven",
    Performance.LEARNING_NETWORK: "Lerend netwerk",
    Performance.IMPACT_MONITORING: "Impactmonitoring",
    Performance.SUPPORT: "Ondersteunend",
}
PARTIES = {RoleParty.PROVINCE: "provincie", RoleParty.ZET: "ZET", RoleParty.ZORGBELANG: "Zorgbelang"}
PERIODS = {BudgetPeriod.Y2017: "2017", BudgetPeriod.Y2018_2019: "2018/2019"}

KINDS = {
    BudgetFindingKind.DIFFERENCE: "Verschil",
    BudgetFindingKind.MISSING_SPLIT: "Verdeling ontbreekt",
    BudgetFindingKind.UNDEFINED_REFERENCE: "Verwijzing klopt niet",
    BudgetFindingKind.PERIOD_MISMATCH: "Perioden verschillen",
    BudgetFindingKind.NO_BUDGET_LINE: "Geen begrotingsregel",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Amounts per period, and how they stand together."""

    label: str
    periods: Mapping[BudgetPeriod, Figures]

    @property
    def total(self) -> Figures:
        """All periods together."""
        return sum(self.periods.values(), Figures())

    @property
    def committed_percent(self) -> float:
        """The part of the total that was promised."""
        total = self.total
        return 100 * total.committed_cents / total.amount_cents if total.amount_cents else 0.0


@dataclass(frozen=True, slots=True)
class Inside:
    """The part of a performance that is capacity of a party."""

    party: str
    periods: Mapping[BudgetPeriod, int]


@dataclass(frozen=True, slots=True)
class Group:
    """A performance: its lines, what they are together, and the capacity inside."""

    name: str
    lines: list[Row]
    sum: Row
    inside: list[Inside]


@router.get("/financien")
async def budget(request: Request) -> Response:
    """The budget, what does not tie in it, and the newest commitments."""
    async with pool_of(request).acquire() as connection, store.one_moment(connection):
        lines = await store.list_lines(connection)
        shares = await store.list_shares(connection)
        findings = await store.list_findings(connection)
        commitments = await store.recent_commitments(connection, _RECENT)
        organisations = await directory.names(connection, "organisation")
        initiatives = await directory.names(connection, "initiative")
    return pages.page(
        _TEMPLATES,
        "financien.html",
        "finance",
        {
            "periods": PERIODS,
            "groups": _groups(lines, shares),
            "sum": Row("Totaal", by_period(lines)),
            "findings": findings,
            "kinds": KINDS,
            "commitments": commitments,
            "actions": {line.id: line.action for line in lines},
            "organisations": organisations,
            "initiatives": initiatives,
        },
    )


def _groups(lines: Iterable[BudgetLine], shares: Sequence[Record]) -> list[Group]:
    return [
        Group(
            name=PERFORMANCES[performance],
            lines=[Row(line.action, line.periods) for line in group],
            sum=Row("Samen", by_period(group)),
            inside=_inside([share for share in shares if share["performance"] == performance]),
        )
        for performance, group in by_performance(lines).items()
    ]


def _inside(shares: Iterable[Record]) -> list[Inside]:
    found: dict[RoleParty, dict[BudgetPeriod, int]] = {}
    for share in shares:
        found.setdefault(RoleParty(share["party"]), {})[BudgetPeriod(share["period"])] = share["amount_cents"]
    return [Inside(PARTIES[party], amounts) for party, amounts in sorted(found.items())]
