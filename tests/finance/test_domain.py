"""The rules of the budget: no more promised than there is, no more paid than promised."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.domain import (
    BudgetLine,
    Commitment,
    Disburse,
    Figures,
    MakeCommitment,
    Room,
    by_performance,
    by_period,
    check_line,
    check_share,
    difference,
    disburse,
    make_commitment,
)
from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated, PeriodAmount
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.refusals import Conflict, Invalid

Y2017, Y2018 = BudgetPeriod.Y2017, BudgetPeriod.Y2018_2019
TODAY = date(2026, 11, 24)
LINE = BudgetLine(
    "instrumentarium",
    2,
    Performance.CONCRETE_INITIATIVES,
    "Verkenning instrumentarium",
    {Y2017: Figures(50_000_00, 40_000_00, 0)},
)
PROMISE = MakeCommitment("c-1", "instrumentarium", Y2017, 10_000_00, "gemeente-helmond", "slowcare", TODAY)
PROMISED = Commitment(PROMISE, disbursed_cents=9_000_00)
PAYMENT = Disburse("d-1", "c-1", 1_000_00, TODAY)
SHARE = CapacityShareStated(
    share="zet-2017",
    performance=Performance.CONCRETE_INITIATIVES,
    party=RoleParty.ZET,
    period=Y2017,
    amount_cents=30_000_00,
)

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


def test_a_line_states_a_period_once() -> None:
    twice = PeriodAmount(period=Y2017, amount_cents=1)
    line = BudgetLineAdopted(
        line="x", position=1, performance=Performance.SUPPORT, action="Actie", amounts=(twice, twice)
    )
    with pytest.raises(Invalid) as refusal:
        check_line(line)
    assert (refusal.value.code, refusal.value.pointer) == ("period-twice", "#/amounts")


def test_a_share_may_fill_what_its_performance_has() -> None:
    check_share(Room(50_000_00, {RoleParty.ZORGBELANG: 20_000_00}), SHARE)


def test_a_share_that_sticks_out_of_its_performance_is_refused() -> None:
    with pytest.raises(Conflict) as refusal:
        check_share(Room(50_000_00, {RoleParty.ZORGBELANG: 20_000_01}), SHARE)
    assert (refusal.value.code, refusal.value.pointer) == ("share-above-budget", "#/amountCents")


def test_a_party_states_its_share_of_a_performance_once() -> None:
    with pytest.raises(Conflict) as refusal:
        check_share(Room(50_000_00, {RoleParty.ZET: 1}), SHARE)
    assert (refusal.value.code, refusal.value.pointer) == ("share-already-stated", "#/party")


def test_a_difference_is_computed_minus_stated_and_unknown_when_either_is() -> None:
    assert difference(2_099_021_00, 2_133_000_00) == 33_979_00
    assert difference(1_120_372_00, 1_066_000_00) == -54_372_00
    assert (difference(None, 1), difference(1, None), difference(None, None)) == (None, None, None)


@given(amount=st.integers(0, 3_000), wishes=st.lists(cents, max_size=12))
def test_what_is_promised_never_exceeds_the_line_and_is_refused_only_when_it_would(
    amount: int, wishes: list[int]
) -> None:
    line = replace(LINE, periods={Y2017: Figures(amount)})
    promised = 0
    for wish in wishes:
        try:
            event = make_commitment(line, replace(PROMISE, amount_cents=wish), TODAY)
        except Conflict:
            assert promised + wish > amount
        else:
            promised += event.amount_cents
            line = replace(line, periods={Y2017: Figures(amount, promised)})
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


figures = st.builds(Figures, cents, cents, cents)
lines = st.lists(
    st.builds(
        BudgetLine,
        id=st.just("x"),
        position=st.just(1),
        performance=st.sampled_from(Performance),
        action=st.just("Actie"),
        periods=st.dictionaries(st.sampled_from(BudgetPeriod), figures, min_size=1),
    ),
    max_size=9,
)


@given(lines)
def test_the_performances_together_are_the_programme(lines: list[BudgetLine]) -> None:
    whole = by_period(lines)
    parts = [by_period(group) for group in by_performance(lines).values()]
    for period in BudgetPeriod:
        assert whole.get(period, Figures()) == sum((part.get(period, Figures()) for part in parts), Figures())
