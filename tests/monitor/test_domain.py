"""The algebra of figures: any order, any grouping, and every withdrawal gives the same state."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.domain import (
    NOTHING,
    Ancestry,
    Cell,
    Contribution,
    Figure,
    LearningKey,
    contributions,
    deltas,
    figure_of,
    key_for,
)
from shared.contracts.community import Finding
from shared.contracts.vocabulary import AggregateKind, AreaLevel, DialogueTopic, Theme

from ..records import findings

TREE: Ancestry = {
    code: (
        (AreaLevel.MUNICIPALITY, code),
        (AreaLevel.REGION, region),
        (AreaLevel.PROVINCE, "PV30"),
    )
    for code, region in (
        ("GM0794", "zuidoost-brabant"),
        ("GM0772", "zuidoost-brabant"),
        ("GM0828", "noordoost-brabant"),
    )
}
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
    municipality=st.sampled_from(sorted(TREE)),
    period=st.sampled_from(["2026-10", "2026-11"]),
    scores=scores,
)
many = st.lists(contribution, max_size=12)


def total(*changes: dict[Cell, Figure]) -> dict[Cell, Figure]:
    merged: dict[Cell, Figure] = {}
    for change in changes:
        for cell, figure in change.items():
            merged[cell] = merged.get(cell, NOTHING) + figure
    return {cell: figure for cell, figure in merged.items() if figure != NOTHING}


def test_a_finding_counts_its_respondents_exactly() -> None:
    assert figure_of((0, 2, 5, 8, 5)) == Figure(1, 20, 20, 76, 306, (0, 2, 5, 8, 5))
    assert figure_of((0, 2, 5, 8, 5)).mean() == 3.8


def test_one_finding_moves_indicator_and_theme_at_three_levels() -> None:
    event = findings("d1", (0, 2, 5, 8, 5))
    counted = contributions(event.dialogue, event.municipality, event.held_on, event.findings, [KEY])
    change = deltas(counted, [], TREE)
    assert {(cell.kind, cell.code, cell.area) for cell in change} == {
        (kind, code, area)
        for kind, code in ((AggregateKind.INDICATOR, "verbondenheid"), (AggregateKind.THEME, "verbinding"))
        for area in ("GM0794", "zuidoost-brabant", "PV30")
    }
    assert set(change.values()) == {figure_of((0, 2, 5, 8, 5))}
    assert {cell.period for cell in change} == {"2026-11"}


def test_who_scores_two_topics_of_a_theme_is_one_respondent() -> None:
    both = [
        Finding(topic=topic, scores=(0, 0, 2, 2, 2)) for topic in (DialogueTopic.MEETING, DialogueTopic.NEIGHBOUR_HELP)
    ]
    counted = contributions("d1", "GM0794", date(2026, 11, 23), both, [KEY])
    theme = next(f for cell, f in deltas(counted, [], TREE).items() if cell.kind is AggregateKind.THEME)
    assert (theme.findings, theme.respondents, theme.n) == (2, 6, 12)


def test_a_topic_outside_the_learning_key_counts_for_nothing() -> None:
    finding = Finding(topic=DialogueTopic.PERSEVERANCE, scores=(0, 0, 0, 9, 9))
    assert contributions("d1", "GM0794", date(2026, 11, 23), [finding], [KEY]) == []


def test_a_dialogue_counts_by_the_learning_key_of_its_day() -> None:
    newer = LearningKey(2, date(2019, 1, 1), {})
    assert key_for([KEY, newer], date(2018, 12, 31)) == KEY
    assert key_for([KEY, newer], date(2019, 1, 1)) == newer
    assert key_for([KEY], date(2016, 12, 31)) is None


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
def test_every_level_adds_up(counted: list[Contribution]) -> None:
    change = deltas(counted, [], TREE)
    for kind in AggregateKind:
        sums = [
            sum(figure.n for cell, figure in change.items() if cell.kind is kind and cell.level is level)
            for level in AreaLevel
        ]
        assert len(set(sums)) == 1


@given(scores)
def test_a_mean_stays_on_the_scale(counts: tuple[int, ...]) -> None:
    mean = figure_of(counts).mean()
    assert mean is not None
    assert 1 <= mean <= 5
