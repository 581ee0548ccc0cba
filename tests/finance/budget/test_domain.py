"""The rules of the budget: each period once, capacity inside the lines, and totals that tie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.budget.domain import (
    Balance,
    BudgetLine,
    PerformanceBudget,
    by_performance,
    by_period,
    check_line,
    check_share,
)
from shared.contracts.finance import BudgetLineAdopted, CapacityShareStated, PeriodAmount
from shared.contracts.vocabulary import BudgetPeriod, Performance, RoleParty
from shared.refusals import Conflict, Invalid

Y2017 = BudgetPeriod.Y2017
SHARE = CapacityShareStated(
    share="zet-2017",
    performance=Performance.CONCRETE_INITIATIVES,
    party=RoleParty.ZET,
    period=Y2017,
    amount_cents=30_000_00,
)

cents = st.integers(1, 1_000)


def test_a_line_states_a_period_once() -> None:
    twice = PeriodAmount(period=Y2017, amount_cents=1)
    line = BudgetLineAdopted(
        line="x", position=1, performance=Performance.SUPPORT, action="Actie", amounts=(twice, twice)
    )
    with pytest.raises(Invalid) as refusal:
        check_line(line)
    assert (refusal.value.code, refusal.value.pointer) == ("period-twice", "#/amounts")


def test_a_share_may_fill_what_its_performance_has() -> None:
    check_share(PerformanceBudget(50_000_00, {RoleParty.ZORGBELANG: 20_000_00}), SHARE)


def test_a_share_that_sticks_out_of_its_performance_is_refused() -> None:
    with pytest.raises(Conflict) as refusal:
        check_share(PerformanceBudget(50_000_00, {RoleParty.ZORGBELANG: 20_000_01}), SHARE)
    assert (refusal.value.code, refusal.value.pointer) == ("share-above-budget", "#/amountCents")


def test_a_party_states_its_share_of_a_performance_once() -> None:
    with pytest.raises(Conflict) as refusal:
        check_share(PerformanceBudget(50_000_00, {RoleParty.ZET: 1}), SHARE)
    assert (refusal.value.code, refusal.value.pointer) == ("share-already-stated", "#/party")


balances = st.builds(Balance, cents, cents, cents)
lines = st.lists(
    st.builds(
        BudgetLine,
        id=st.just("x"),
        position=st.just(1),
        performance=st.sampled_from(Performance),
        action=st.just("Actie"),
        periods=st.dictionaries(st.sampled_from(BudgetPeriod), balances, min_size=1),
    ),
    max_size=9,
)


@given(lines)
def test_the_performances_together_are_the_programme(lines: list[BudgetLine]) -> None:
    whole = by_period(lines)
    parts = [by_period(group) for group in by_performance(lines).values()]
    for period in BudgetPeriod:
        assert whole.get(period, Balance()) == sum((part.get(period, Balance()) for part in parts), Balance())
