"""The decision of what becomes public: packets of enough people, in the smallest place that holds them, once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.figure.cells import PublicLine
from services.monitor.figure.periods import around
from services.monitor.figure.quantity import SCORES, Quantity
from services.monitor.figure.tally import Tally, of_scores
from services.monitor.publication.domain import (
    StandingPacket,
    StoredUnit,
    Thresholds,
    Unit,
    form,
    may_gather,
    people,
    plan,
    together,
)
from shared.contracts.vocabulary import Measure, SourceKind

from ..figure.tallies import of_mean
from .worlds import ANCESTRY, CHAINS, QUANTITIES

PERIODS = ("2019-01", "2019-03", "2019-05", "2019-Q1", "2019")
FIVE = Thresholds(5)


def unit(ref: str, people: int, area: str = "GM1", period: str = "2019-01", number: int = 0) -> Unit:
    return Unit(
        ref, number, "verbondenheid", SourceKind.DIALOGUE, area, period, of_scores((0, 0, 0, 0, people)), f"event-{ref}"
    )


units = st.lists(
    st.builds(
        unit,
        st.sampled_from("abcdefghij"),
        st.integers(1, 7),
        st.sampled_from(list(CHAINS)),
        st.sampled_from(PERIODS),
    ),
    max_size=20,
).map(lambda made: [replace(each, number=number) for number, each in enumerate(made)])


def holds(line: PublicLine, unit: Unit) -> bool:
    return line.area in [area for _, area in CHAINS[unit.area]] and line.period in around(unit.period)


@given(units)
def test_packets_are_of_enough_people_and_leave_no_place_with_enough(waiting: list[Unit]) -> None:
    packets = form(waiting, ANCESTRY, SCORES, 5)
    packed = [each.key for packet in packets for each in packet.units]
    assert len(packed) == len(set(packed)) and set(packed) <= {each.key for each in waiting}
    for packet in packets:
        assert packet.line.tally.respondents == people(packet.units) >= 5
        assert all(holds(packet.line, each) for each in packet.units)
        assert len(packet.units) == 1 or people(packet.units[:-1]) < 5
    left = [each for each in waiting if each.key not in packed]
    assert people(left) < 5 and form(left, ANCESTRY, SCORES, 5) == []
    assert form(waiting, ANCESTRY, SCORES, 5) == packets


@given(units)
def test_what_people_said_decides_nothing(waiting: list[Unit]) -> None:
    otherwise = [replace(each, tally=of_scores((each.tally.n, 0, 0, 0, 0))) for each in waiting]
    assert [[each.key for each in packet.units] for packet in form(waiting, ANCESTRY, SCORES, 5)] == [
        [each.key for each in packet.units] for packet in form(otherwise, ANCESTRY, SCORES, 5)
    ]


def places(*waiting: Unit, threshold: int = 5) -> list[tuple[str, str, str]]:
    return [
        ("".join(each.ref for each in packet.units), packet.line.area, packet.line.period)
        for packet in form(waiting, ANCESTRY, SCORES, threshold)
    ]


def test_a_unit_with_enough_people_is_a_packet_by_itself() -> None:
    assert places(unit("a", 2), unit("b", 5), unit("c", 2)) == [("b", "GM1", "2019-01")]


def test_a_packet_is_in_the_smallest_place_that_holds_it() -> None:
    a = unit("a", 3, "WK1")
    assert places(a, unit("b", 3, "WK1")) == [("ab", "WK1", "2019-01")]
    assert places(a, unit("b", 3)) == [("ab", "GM1", "2019-01")]
    assert places(a, unit("b", 3, period="2019-03")) == [("ab", "GM1", "2019-Q1")]
    assert places(a, unit("b", 3, period="2019-05")) == [("ab", "GM1", "2019")]
    assert places(a, unit("b", 3, "GM2")) == [("ab", "oost", "2019")]
    assert places(a, unit("b", 3, "GM3")) == [("ab", "PV30", "2019")]
    assert places(a, unit("b", 3, "oost", "2019-Q1")) == [("ab", "oost", "2019")]


def test_finer_places_go_first() -> None:
    waiting = [unit("a", 3), unit("b", 3, "GM2"), unit("c", 3), unit("d", 3, "GM3")]
    assert places(*waiting) == [("ac", "GM1", "2019-01"), ("bd", "PV30", "2019")]


def test_people_who_answered_on_two_topics_count_once() -> None:
    assert places(unit("a", 3), unit("a", 3, number=1)) == []
    assert places(unit("a", 3), unit("a", 3, number=1), unit("b", 2)) == [("aab", "GM1", "2019-01")]


def test_a_sum_over_a_part_of_a_packet_is_left_out() -> None:
    whole = together([of_mean(3_000_000, 4, 500_000), of_mean(4_000_000, 4, None)], 8)
    assert whole == Tally(respondents=8, n=8, total=28_000_000), "a deviation of 4 people would show"
    ratio, with_n = Tally(respondents=4, numerator=1, denominator=4), Tally(4, 4, 0, 0, 0, 2, 5)
    assert together([ratio, with_n], 8) == Tally(respondents=8, numerator=3, denominator=9)
    assert together([of_scores((1, 2)), of_scores((0, 3))], 6).histogram == (1, 5)


def test_a_small_count_never_gathers() -> None:
    assert not may_gather(Tally(respondents=4, numerator=4))
    assert may_gather(Tally(respondents=4, numerator=1, denominator=4)) and may_gather(of_mean(3, 4, None))
    assert not may_gather(Tally()), "nobody"


def test_withdrawing_one_leaves_the_others_behind() -> None:
    a, b = unit("a", 3), unit("b", 3)
    known = {each.key: StoredUnit(each, 1) for each in (a, b)}
    standing = {1: StandingPacket(form([a, b], ANCESTRY, SCORES, 5)[0].line, 2)}
    decided = plan([unit("c", 4)], ["a"], {a.key: known[a.key]}, standing, [], ANCESTRY, QUANTITIES, FIVE)
    assert (decided.dissolved, decided.emptied, decided.forgotten, decided.packets) == ({1: ["a"]}, [a.key], [], [])


def test_only_a_whole_packet_moves_to_another_indicator() -> None:
    a, b, c = unit("a", 3), unit("b", 3), unit("c", 4)
    known = {each.key: StoredUnit(each, 1) for each in (a, b)}
    standing = {1: StandingPacket(form([a, b], ANCESTRY, SCORES, 5)[0].line, 2)}
    moved = [replace(each, indicator="buurthulp") for each in (a, b)]
    whole = plan([*moved, c], ["a", "b"], known, standing, [], ANCESTRY, QUANTITIES, FIVE)
    assert [packet.line for packet in whole.packets] == [replace(standing[1].line, indicator="buurthulp")]
    assert (whole.dissolved, whole.put) == ({1: ["a", "b"]}, [*moved, c])
    part = plan([moved[0], c], ["a"], {a.key: known[a.key]}, standing, [], ANCESTRY, QUANTITIES, FIVE)
    assert (part.dissolved, part.put, part.packets) == ({1: ["a"]}, [c], [])
    other = replace(moved[1], tally=of_scores((1, 0, 0, 0, 2)))
    assert plan([moved[0], other], ["a", "b"], known, standing, [], ANCESTRY, QUANTITIES, FIVE).packets == []


def test_what_is_there_already_changes_nothing() -> None:
    a, b = unit("a", 3), unit("b", 6)
    known = {a.key: StoredUnit(a, None), b.key: StoredUnit(b, 1)}
    standing = {1: StandingPacket(form([b], ANCESTRY, SCORES, 5)[0].line, 1)}
    for removed in ([], ["a", "b"]):
        decided = plan([a, b], removed, known, standing, [a], ANCESTRY, QUANTITIES, FIVE)
        assert not any((decided.packets, decided.dissolved, decided.put, decided.forgotten, decided.emptied))


def test_shares_gather_until_neither_half_is_of_a_few() -> None:
    def share(ref: str, numerator: int, denominator: int) -> Unit:
        exact = Tally(denominator, numerator=numerator, denominator=denominator)
        return replace(unit(ref, 1), tally=exact)

    ratio = Quantity(Measure.RATIO)
    assert form([share("a", 1, 40)], ANCESTRY, ratio, 5) == [], "enough people, but of one of them it would be told"
    [packet] = form([share("a", 1, 40), share("b", 4, 40), share("c", 20, 40)], ANCESTRY, ratio, 5)[1:]
    assert [each.ref for each in packet.units] == ["a", "b"]
    assert (packet.line.tally.numerator, packet.line.tally.denominator) == (5, 80)
