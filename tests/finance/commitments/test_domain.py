"""The rules of promising and paying: no more promised than there is, no more paid than promised."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.budget.domain import Balance, BudgetLine
from services.finance.commitments.domain import Commitment, Disburse, MakeCommitment, disburse, make_commitment
from shared.contracts.vocabulary import BudgetPeriod, Performance
from shared.refusals import Conflict

Y2017, Y2018 = BudgetPeriod.Y2017, BudgetPeriod.Y2018_2019
TODAY = date(2026, 11, 24)
LINE = BudgetLine(
    "instrumentarium",
    2,
    Performance.CONCRETE_INITIATIVES,
    "Verkenning instrumentarium",
    {Y2017: Balance(50_000_00, 40_000_00, 0)},
)
PROMISE = MakeCommitment("c-1", "instrumentarium", Y2017, 10_000_00, "gemeente-helmond", "slowcare", TODAY)
PROMISED = Commitment(PROMISE, disbursed_cents=9_000_00)
PAYMENT = Disburse("d-1", "c-1", 1_000_00, TODAY)

cents = st.integers(1, 1_000)


def test_a_commitment_may_take_the_last_cent_of_a_period() -> None:
    event = make_commitment(LINE, PROMISE, TODAY)
    assert (event.key, event.commitment, event.amount_cents) == ("instrumentarium", "c-1", 10_000_00)
    assert (event.recipient, event.initiative, event.made_on) == ("gemeente-helmond", "slowcare", TODAY)


def test_a_commitment_above_what_is_available_is_refused_with_what_is_available() -> None:
    with pytest.raises(Conflict) as refusal:
        make_commitment(LINE, replace(PROMISE, amount_cents=10_000_01), TODAY)
    assert (refusal.value.code, refusal.value.pointer) == ("above-available", "#/amountCents")
    assert refusal.value.detail == (
        "Van €\u00a050.000 in 2017 is nog €\u00a010.000 beschikbaar; gevraagd is €\u00a010.000,01."
    )


def test_a_commitment_in_a_period_the_line_does_not_have_is_refused() -> None:
    with pytest.raises(Conflict) as refusal:
        make_commitment(LINE, replace(PROMISE, period=Y2018), TODAY)
    assert (refusal.value.code, refusal.value.pointer) == ("period-not-in-line", "#/period")


def test_a_commitment_of_tomorrow_is_refused() -> None:
    with pytest.raises(Conflict) as refusal:
        make_commitment(LINE, replace(PROMISE, made_on=date(2026, 11, 25)), TODAY)
    assert (refusal.value.code, refusal.value.pointer) == ("date-in-future", "#/madeOn")


def test_a_disbursement_may_empty_its_commitment() -> None:
    event = disburse(PROMISED, PAYMENT, TODAY)
    assert (event.key, event.commitment, event.disbursement) == ("instrumentarium", "c-1", "d-1")
    assert (event.amount_cents, event.recipient, event.initiative) == (1_000_00, "gemeente-helmond", "slowcare")


def test_a_disbursement_above_the_remainder_is_refused_with_the_remainder() -> None:
    with pytest.raises(Conflict) as refusal:
        disburse(PROMISED, replace(PAYMENT, amount_cents=1_000_01), TODAY)
    assert (refusal.value.code, refusal.value.pointer) == ("above-commitment", "#/amountCents")
    assert "nog €\u00a01.000 te betalen" in refusal.value.detail


@pytest.mark.parametrize(
    ("paid_on", "code"),
    [(date(2026, 11, 23), "paid-before-committed"), (date(2026, 11, 25), "date-in-future")],
)
def test_a_disbursement_happens_between_its_commitment_and_today(paid_on: date, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        disburse(PROMISED, replace(PAYMENT, paid_on=paid_on), TODAY)
    assert (refusal.value.code, refusal.value.pointer) == (code, "#/paidOn")


@given(amount=st.integers(0, 3_000), wishes=st.lists(cents, max_size=12))
def test_what_is_promised_never_exceeds_the_line_and_is_refused_only_when_it_would(
    amount: int, wishes: list[int]
) -> None:
    line = replace(LINE, periods={Y2017: Balance(amount)})
    promised = 0
    for wish in wishes:
        try:
            event = make_commitment(line, replace(PROMISE, amount_cents=wish), TODAY)
        except Conflict:
            assert promised + wish > amount
        else:
            promised += event.amount_cents
            line = replace(line, periods={Y2017: Balance(amount, promised)})
        assert promised <= amount


@given(amount=cents, wishes=st.lists(cents, max_size=12))
def test_what_is_paid_never_exceeds_the_commitment_and_is_refused_only_when_it_would(
    amount: int, wishes: list[int]
) -> None:
    commitment = Commitment(replace(PROMISE, amount_cents=amount), disbursed_cents=0)
    for wish in wishes:
        try:
            event = disburse(commitment, replace(PAYMENT, amount_cents=wish), TODAY)
        except Conflict:
            assert commitment.disbursed_cents + wish > amount
        else:
            commitment = replace(commitment, disbursed_cents=commitment.disbursed_cents + event.amount_cents)
        assert 0 <= commitment.disbursed_cents <= amount
