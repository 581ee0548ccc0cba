"""So many a minute for each: at once or spread, told, and in bounded memory."""

from shared.http.protection.rates import Rate, rate


def allowed(counted: Rate, who: str, times: int, now: float) -> int:
    return sum(counted.take(who, now).allowed for _ in range(times))


def test_a_minutes_worth_may_come_at_once_and_then_at_an_even_pace() -> None:
    counted = Rate("reads", 60)
    assert allowed(counted, "a", 100, 1000.0) == 60
    assert allowed(counted, "a", 100, 1010.0) == 10
    assert allowed(counted, "a", 100, 2000.0) == 60


def test_one_does_not_use_up_what_another_has() -> None:
    counted = Rate("reads", 10)
    assert allowed(counted, "a", 100, 0.0) == 10
    assert allowed(counted, "b", 100, 0.0) == 10


def test_who_asks_hears_what_is_left_and_when_there_is_more() -> None:
    counted = Rate("reads", 2)
    assert counted.policy == b'"reads";q=2;w=60'
    assert [counted.told(counted.take("a", 0.0)) for _ in range(3)] == [
        b'"reads";r=1;t=30',
        b'"reads";r=0;t=30',
        b'"reads";r=0;t=30',
    ]
    assert not counted.take("a", 29.0).allowed
    assert counted.take("a", 30.0).allowed


def test_who_waits_as_long_as_it_is_told_is_let_in_at_every_rate() -> None:
    for a_minute in range(1, 200):
        counted = Rate("reads", a_minute)
        assert allowed(counted, "a", 200, 0.0) == a_minute
        told = counted.take("a", 0.0)
        assert not told.allowed
        assert counted.take("a", float(told.seconds)).allowed, a_minute


def test_memory_is_bounded_whoever_comes() -> None:
    counted = Rate("reads", 10)
    for number in range(30_000):
        counted.take(f"10.0.{number}", 0.0)
    assert len(counted) == 10_000
    # Who was there last is still known.
    assert allowed(counted, "10.0.29999", 100, 0.0) == 9


def test_no_limit_is_none() -> None:
    assert rate("reads", 0) is None
