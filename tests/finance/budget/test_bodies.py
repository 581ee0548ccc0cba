"""The programme's own budget: its totals tie, and capacity never changes them."""

import json

from services.finance.budget.bodies import BudgetLineBody, CapacityShareBody
from services.finance.budget.domain import Balance, BudgetLine, by_period
from shared.contracts.vocabulary import BudgetPeriod

from ..samples import DATA


def test_the_totals_are_those_of_figure_3() -> None:
    lines = [
        BudgetLine(
            event.line,
            event.position,
            event.performance,
            event.action,
            {amount.period: Balance(amount.amount_cents) for amount in event.amounts},
        )
        for record in json.loads((DATA / "budget-lines.json").read_text(encoding="utf-8"))
        for event in [BudgetLineBody.model_validate(record).event()]
    ]
    assert by_period(lines) == {
        BudgetPeriod.Y2017: Balance(5_600_000_00),
        BudgetPeriod.Y2018_2019: Balance(11_200_000_00),
    }


def test_every_capacity_share_of_the_programme_is_accepted() -> None:
    records = json.loads((DATA / "capacity-shares.json").read_text(encoding="utf-8"))
    assert [CapacityShareBody.model_validate(record).event().share for record in records] == [r["id"] for r in records]


def test_the_order_in_which_a_line_states_its_periods_says_nothing() -> None:
    record = json.loads((DATA / "budget-lines.json").read_text(encoding="utf-8"))[0]
    turned = {**record, "amounts": record["amounts"][::-1]}
    assert BudgetLineBody.model_validate(turned).event() == BudgetLineBody.model_validate(record).event()
