"""Mergers that chain, and changes in the middle of a period."""

from services.monitor.areas.geography import Geography, NotRecalculable

from .brabant import count, line, town

CHAIN = Geography(
    [
        town("a", "2016-01-01", "2018-01-01"),
        town("b", "2016-01-01", "2018-01-01"),
        town("c", "2016-01-01", "2020-07-01"),
        town("ab", "2018-01-01", "2020-07-01"),
        town("abc", "2020-07-01"),
        town("x", "2016-01-01", "2019-01-01"),
        town("y", "2019-01-01", "2021-01-01"),
        town("z", "2019-01-01", "2021-01-01"),
        town("yz", "2021-01-01"),
        town("p", "2016-01-01"),
        town("q", "2016-01-01", "2018-01-01"),
        town("old", "2016-01-01", "2019-01-01"),
        town("new", "2019-01-01"),
    ],
    [
        line("2018-01-01", "merger", "a b", "ab"),
        line("2020-07-01", "merger", "ab c", "abc"),
        line("2019-01-01", "division", "x", "y z"),
        line("2021-01-01", "merger", "y z", "yz"),
        line("2018-01-01", "merger", "q", "p"),
        line("2019-01-01", "merger", "old", "new"),
    ],
)


def test_mergers_chain() -> None:
    assert CHAIN.parts("abc", 2021, "2016") == ("a", "b", "c")
    assert CHAIN.parts("abc", 2021, "2019") == ("ab", "c")
    assert CHAIN.parts("ab", 2020, "2017-Q2") == ("a", "b")


def test_a_change_in_the_middle_of_a_period_is_refused_and_beside_it_is_not() -> None:
    reason = "niet herberekenbaar: Ab en C zijn op 1 juli 2020 samengegaan in Abc, binnen de periode 2020"
    assert CHAIN.parts("abc", 2021, "2020") == NotRecalculable(reason)
    assert CHAIN.parts("abc", 2021, "2020-Q2") == ("ab", "c")
    assert CHAIN.parts("abc", 2021, "2020-07") == ("abc",)
    assert CHAIN.parts("c", 2020, "2020") == NotRecalculable(reason)
    part_of_a_year = {"abc": count(9)}
    assert CHAIN.recalculated("abc", 2021, "2020", part_of_a_year) == NotRecalculable(reason)


def test_what_was_divided_and_put_together_again_is_whole() -> None:
    assert CHAIN.parts("yz", 2021, "2018") == ("x",)
    assert isinstance(CHAIN.parts("y", 2020, "2018"), NotRecalculable)
    assert CHAIN.parts("x", 2018, "2020") == ("y", "z")
    assert CHAIN.parts("x", 2018, "2021") == ("yz",)


def test_a_municipality_that_took_another_in_kept_its_code() -> None:
    assert CHAIN.parts("p", 2018, "2017") == ("p", "q")
    assert isinstance(CHAIN.parts("p", 2017, "2018"), NotRecalculable)


def test_a_renamed_municipality_goes_both_ways() -> None:
    assert CHAIN.parts("new", 2019, "2018") == ("old",)
    assert CHAIN.parts("old", 2018, "2019") == ("new",)
