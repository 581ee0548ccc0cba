"""The findings of the programme's own budget."""

import json

from services.finance.findings.bodies import BudgetFindingBody

from ..samples import DATA


def test_the_findings_of_the_programme_carry_their_difference() -> None:
    records = json.loads((DATA / "findings.json").read_text(encoding="utf-8"))
    events = [BudgetFindingBody.model_validate(record).event() for record in records]
    assert len(events) == 9
    assert {e.finding: e.difference_cents for e in events if e.difference_cents is not None} == {
        "zet-jaarbedrag": 33_979_00,
        "zorgbelang-jaarbedrag": -54_372_00,
    }
