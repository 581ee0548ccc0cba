"""A commitment as it comes in: amounts, days and ids are what they look like, or refused."""

import pytest
from pydantic import ValidationError

from services.finance.commitments.bodies import CommitmentBody


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
