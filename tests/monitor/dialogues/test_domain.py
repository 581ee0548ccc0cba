"""The algebra of figures: any order, any grouping, and every withdrawal gives the same state."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.dialogues.domain import (
    Contribution,
    ExactCell,
    ExactFigure,
    LearningKey,
    contributions,
    deltas,
    key_for,
    place_of,
)
from services.monitor.figure.cells import AreaChain, add_up
from services.monitor.figure.tally import MILLION, Tally, of_scores
from shared.contracts.community import Finding
from shared.contracts.vocabulary import AggregateKind, AreaLevel, DialogueTopic, Theme
from tests.records import findings

from ..figure.chains import Always

HELMOND = (AreaLevel.MUNICIPALITY, "GM0794")
PROVINCE = (AreaLevel.PROVINCE, "PV30")
CHAINS: dict[str, AreaChain] = {
    "BU07940101": ((AreaLevel.NEIGHBOURHOOD, "BU07940101"), HELMOND, (AreaLevel.REGION, "zuidoost-brabant"), PROVINCE),
    **{
        code: ((AreaLevel.MUNICIPALITY, code), (AreaLevel.REGION, region), PROVINCE)
        for code, region in (
            ("GM0794", "zuidoost-brabant"),
            ("GM0772", "zuidoost-brabant"),
            ("GM0828", "noordoost-brabant"),
        )
    },
}
TREE = Always(CHAINS)
KEY = LearningKey(
    1,
    date(2017, 1, 1),
    {
        DialogueTopic.MEETING: ("verbondenheid", Theme.CONNECTION),
        DialogueTopic.NEIGHBOUR_HELP: ("buurthulp", Theme.CONNECTION),
        DialogueTopic.FEELING_HEALTHY: ("ervaren-gezondheid", Theme.HEALTH),
    },
)

scores = st.tuples(*[st.integers(0, 50)] * 5).filter(any)
contribution = st.builds(
    Contribution,
    dialogue=st.text("abc", min_size=1, max_size=3),
    number=st.integers(0, 3),
    indicator=st.sampled_from(["verbondenheid", "buurthulp"]),
    theme=st.just(Theme.CONNECTION),
    area=st.sampled_from(sorted(CHAINS)),
    period=st.sampled_from(["2025-12", "2026-09", "2026-10", "2026-11"]),
    scores=scores,
)
many = st.lists(contribution, max_size=12)


def total(*changes: dict[ExactCell, ExactFigure]) -> dict[ExactCell, ExactFigure]:
    return add_up(each for change in changes for each in change.items())


def one_finding(counts: tuple[int, ...]) -> ExactFigure:
    contribution_ = Contribution("d", 0, "verbondenheid", Theme.CONNECTION, "GM0794", "2026-11", counts)
    [figure] = set(deltas([contribution_], [], TREE).values())
    return figure


def test_a_finding_counts_its_respondents_exactly() -> None:
    found = one_finding((0, 2, 5, 8, 5))
    sums = Tally(20, 20, 76 * MILLION, 306 * MILLION**2, 20, histogram=(0, 2, 5, 8, 5))
    assert (found.findings, found.tally) == (1, sums)


def test_one_finding_moves_indicator_and_theme_in_every_area_and_period_around_it() -> None:
    event = findings("d1", (0, 2, 5, 8, 5))
    counted = contributions(event.dialogue, "BU07940101", event.held_on, event.findings, [KEY])
    change = deltas(counted, [], TREE)
    assert {(cell.kind, cell.code, cell.area, cell.period) for cell in change} == {
        (kind, code, area, period)
        for kind, code in ((AggregateKind.INDICATOR, "verbondenheid"), (AggregateKind.THEME, "verbinding"))
        for area in ("BU07940101", "GM0794", "zuidoost-brabant", "PV30")
        for period in ("2026-11", "2026-Q4", "2026")
    }
    assert set(change.values()) == {ExactFigure(1, of_scores((0, 2, 5, 8, 5)))}


@pytest.mark.parametrize(
    ("municipality", "neighbourhood", "place"),
    [
        ("GM0794", "BU07940101", "BU07940101"),
        ("GM0772", "BU07940101", "GM0772"),
        ("GM0794", "Binnenstad", "GM0794"),
        ("GM0794", "GM0794", "GM0794"),
        ("GM0794", None, "GM0794"),
        ("GM9999", None, None),
        ("BU07940101", None, None),
    ],
)
def test_a_dialogue_counts_in_its_neighbourhood_when_that_lies_in_its_municipality(
    municipality: str, neighbourhood: str | None, place: str | None
) -> None:
    assert place_of(municipality, neighbourhood, 2026, TREE) == place


def test_who_scores_two_topics_of_a_theme_is_one_respondent() -> None:
    both = [
        Finding(topic=topic, scores=(0, 0, 2, 2, 2)) for topic in (DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP)
    ]
    counted = contributions("d1", "GM0794", date(2026, 11, 23), both, [KEY])
    themes = [f for cell, f in deltas(counted, [], TREE).items() if cell.kind is AggregateKind.THEME]
    assert {(theme.findings, theme.tally.respondents, theme.tally.n) for theme in themes} == {(2, 6, 12)}


def test_a_topic_outside_the_learning_key_counts_for_nothing() -> None:
    finding = Finding(topic=DialogueTopic.PERSEVERANCE, scores=(0, 0, 0, 9, 9))
    assert contributions("d1", "GM0794", date(2026, 11, 23), [finding], [KEY]) == []


def test_a_dialogue_counts_by_the_learning_key_of_its_day() -> None:
    newer = LearningKey(2, date(2019, 1, 1), {})
    assert key_for([KEY, newer], date(2018, 12, 31)) == KEY
    assert key_for([KEY, newer], date(2019, 1, 1)) == newer
    assert key_for([KEY], date(2016, 12, 31)) is None
    reaches_back = LearningKey(3, date(2018, 1, 1), {})
    assert key_for([KEY, newer, reaches_back], date(2019, 6, 1)) == reaches_back, (
        "the newest version, not the newest day"
    )


def of_others(contributions_: list[Contribution]) -> list[Contribution]:
    """The same of other dialogues: what a dialogue counts for comes and goes at once."""
    return [replace(one, dialogue=f"other-{one.dialogue}") for one in contributions_]


@given(many, many)
def test_folding_at_once_or_in_parts_is_the_same(first: list[Contribution], second: list[Contribution]) -> None:
    second = of_others(second)
    assert total(deltas(first, [], TREE), deltas(second, [], TREE)) == deltas(first + second, [], TREE)


@given(many, many)
def test_order_does_not_matter(first: list[Contribution], second: list[Contribution]) -> None:
    assert deltas(first + second, [], TREE) == deltas(second + first, [], TREE)


@given(many, many)
def test_taking_back_restores_exactly_what_was(before: list[Contribution], withdrawn: list[Contribution]) -> None:
    withdrawn = of_others(withdrawn)
    state = deltas(before, [], TREE)
    with_more = total(state, deltas(withdrawn, [], TREE))
    assert total(with_more, deltas([], withdrawn, TREE)) == state


@given(many)
def test_every_level_and_length_of_period_adds_up(counted: list[Contribution]) -> None:
    change = deltas(counted, [], TREE)
    for kind in AggregateKind:
        sums = {
            sum(
                f.tally.n
                for c, f in change.items()
                if c.kind is kind and c.level is level and shape(c.period) == length
            )
            for level in AreaLevel
            if level is not AreaLevel.NEIGHBOURHOOD
            for length in ("month", "quarter", "year")
        }
        assert len(sums) == 1


def shape(period: str) -> str:
    return {4: "year", 7: "quarter" if "Q" in period else "month"}[len(period)]


dialogue = st.lists(contribution, min_size=1, max_size=3, unique_by=lambda c: c.number)


@given(st.lists(dialogue, max_size=8), st.sets(st.integers(0, 7)), st.randoms(use_true_random=False))
def test_any_order_any_repeats_any_withdrawals_and_any_batches_give_the_same_state(
    dialogues: list[list[Contribution]], withdrawn: set[int], dice: random.Random
) -> None:
    """The rules of the fold in memory: a dialogue counts once, and a withdrawal is final whenever it comes."""
    said = {
        f"d{n}": [replace(one, dialogue=f"d{n}", area=group[0].area, period=group[0].period) for one in group]
        for n, group in enumerate(dialogues)
    }
    log = [*((d, True) for d in said), *((f"d{n}", False) for n in withdrawn)]
    log += [dice.choice(log) for _ in range(dice.randrange(6))] if log else []
    dice.shuffle(log)

    state: dict[ExactCell, ExactFigure] = {}
    standing: dict[str, list[Contribution]] = {}
    dead: set[str] = set()
    while log:
        size = dice.randint(1, 5)
        batch, log = log[:size], log[size:]
        gone = {d for d, recorded in batch if not recorded} - dead
        dead |= gone
        new = {d for d, recorded in batch if recorded} - dead - standing.keys()
        state = total(state, deltas(flat(said[d] for d in new), flat(standing.get(d, []) for d in gone), TREE))
        standing = {d: said[d] for d in (standing.keys() | new) - dead}
    left = [d for d in said if d not in {f"d{n}" for n in withdrawn}]
    assert state == deltas(flat(said[d] for d in left), [], TREE)


def flat(groups: Iterable[list[Contribution]]) -> list[Contribution]:
    return [one for group in groups for one in group]


@given(scores)
def test_a_mean_stays_on_the_scale(counts: tuple[int, ...]) -> None:
    tally = of_scores(counts)
    assert tally.n * MILLION <= tally.total <= 5 * tally.n * MILLION
