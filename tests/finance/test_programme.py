"""The programme's own budget: its totals tie, and capacity never changes them."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.finance.bodies import BudgetLineBody, CapacityShareBody, CommitmentBody, FindingBody
from services.finance.domain import BudgetLine, Figures, by_period
from shared.contracts.vocabulary import BudgetPeriod

DATA = Path(__file__).parents[2] / "deploy" / "programme" / "data"


def test_the_totals_are_those_of_figure_3() -> None:
    lines = [
        BudgetLine(
            event.line,
            event.position,
            event.performance,
            event.action,
            {amount.period: Figures(amount.amount_cents) for amount in event.amounts},
        )
        for record in json.loads((DATA / "budget-lines.json").read_text(encoding="utf-8"))
        for event in [BudgetLineBody.model_validate(record).event()]
    ]
    assert by_period(lines) == {
        BudgetPeriod.Y2017: Figures(5_600_000_00),
        BudgetPeriod.Y2018_2019: Figures(11_200_000_00),
    }


def test_every_capacity_share_of_the_programme_is_accepted() -> None:
    records = json.loads((DATA / "capacity-shares.json").read_text(encoding="utf-8"))
    assert [CapacityShareBody.model_validate(record).event().share for record in records] == [r["id"] for r in records]


def test_the_findings_of_the_programme_carry_their_difference() -> None:
    records = json.loads((DATA / "findings.json").read_text(encoding="utf-8"))
    events = [FindingBody.model_validate(record).event() for record in records]
    assert len(events) == 9
    assert {e.finding: e.difference_cents for e in events if e.difference_cents is not None} == {
        "zet-jaarbedrag": 33_979_00,
        "zorgbelang-jaarbedrag": -54_372_00,
    }


def test_the_order_in_which_a_line_states_its_periods_says_nothing() -> None:
    record = json.loads((DATA / "budget-lines.json").read_text(encoding="utf-8"))[0]
    turned = {**record, "amounts": record["amounts"][::-1]}
    assert BudgetLineBody.model_validate(turned).event() == BudgetLineBody.model_validate(record).event()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amountCents", 2.5),
        ("amountCents", 2.0),
        ("amountCents", True),
        ("amountCents", "5"),
        ("amountCents", 0),
        ("amountCents", -1),
        ("amountCents", 100_000_000_000_01),
        ("madeOn", 0),
        ("madeOn", "0"),
        ("madeOn", "2026-11-24T00:00:00"),
        ("madeOn", "2026-02-30"),
        ("period", "2018"),
        ("recipient", "Gemeente Helmond"),
        ("remark", "onbekend veld"),
    ],
)
def test_a_commitment_is_read_strictly(field: str, value: object) -> None:
    sound = {
        "id": "c-1",
        "period": "2017",
        "amountCents": 1,
        "recipient": "gemeente-helmond",
        "initiative": None,
        "madeOn": "2026-11-24",
    }
    CommitmentBody.model_validate(sound)
    with pytest.raises(ValidationError) as error:
        CommitmentBody.model_validate({**sound, field: value})
    assert [detail["loc"] for detail in error.value.errors()] == [(field,)]
