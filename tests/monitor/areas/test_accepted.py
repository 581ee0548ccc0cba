"""Nothing that commands accept makes geography or the programme raise, whatever is asked of them."""

from datetime import date, timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.monitor.areas.domain import KnownAreas
from services.monitor.areas.geography import Geography, NotRecalculable
from services.monitor.areas.memory import RememberingGeography
from services.monitor.figure.public import NOTHING_PUBLIC
from services.monitor.impact.goals.programme import Programme, Side
from services.monitor.published.map_layout import apart_in, layout_of
from shared.contracts.vocabulary import AreaLevel

from .brabant import count
from .registers import DAYS, days, registers

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
YEARS = sorted({day.year for day in DAYS} | {1999, 2026})
PERIODS = [f"{year}{part}" for year in YEARS for part in ("", "-Q1", "-Q4", "-01", "-07", "-12")]


def asks_of_geography() -> set[str]:
    """Every public function of it."""
    return {name for name in vars(Geography) if not name.startswith("_")}


ASKED = {
    "first", "years", "municipalities_on", "in_division", "name", "names", "parts", "is_given", "misplaced",
    "candidates", "changes_of", "recalculated", "looked_at", "apart", "carried",
}  # fmt: skip


def test_every_question_of_geography_is_asked_here() -> None:
    assert asks_of_geography() == ASKED


@unhurried
@given(registers)
def test_geography_answers_whatever_was_accepted(known: KnownAreas) -> None:
    moves = sum(len(area.before) for area in known.areas.values())
    event(f"{len(known.changes)} changes, {moves} moves")
    geography = RememberingGeography(known.areas.values(), known.changes.values())
    for on in DAYS:
        for today in DAYS:
            assert geography.years(today) is not None
            if on <= today:
                there = geography.municipalities_on(on)
                assert geography.carried(dict.fromkeys(there, True), on, today).keys() == geography.municipalities_on(
                    today
                )
    for area in known.areas:
        assert geography.name(area) and geography.names([area]) and geography.changes_of(area) is not None
        for year in YEARS:
            assert area in geography.candidates(area, year)
            assert geography.in_division(area, year) in (True, False)


@unhurried
@given(registers, st.sampled_from(YEARS), st.sampled_from(PERIODS))
def test_geography_answers_for_every_area_year_and_period(known: KnownAreas, year: int, period: str) -> None:
    geography = RememberingGeography(known.areas.values(), known.changes.values())
    figures = {code: count(100) for code in known.areas}
    assert geography.apart(year, period) <= geography.municipalities_on(date(year, 1, 1))
    assert geography.looked_at(known.areas, year, period) >= known.areas.keys()
    apart_in(geography, year, period)
    layout_of(geography, date(year, 1, 1), " ".join(sorted(known.areas)))
    for area in known.areas:
        parts = geography.parts(area, year, period)
        assert parts, "nothing is made of nothing"
        assert isinstance(parts, NotRecalculable) or geography.names(parts)
        assert geography.is_given(area, year, period) in (True, False)
        misplaced = geography.misplaced(area, year, period)
        assert misplaced is None or misplaced.reason
        for published in (figures, {area: count(1)}, {area: NOTHING_PUBLIC}, {}):
            geography.recalculated(area, year, period, published)


@unhurried
@given(registers, st.sets(st.sampled_from(["m0", "m1", "m2", "r1", "w1"])), st.sets(st.sampled_from(["m0", "m3"])))
def test_the_programme_has_a_side_for_every_municipality_of_every_day(
    known: KnownAreas, areas: set[str], initiatives: set[str]
) -> None:
    towns = {code: one for code, one in known.areas.items() if one.level is AreaLevel.MUNICIPALITY}
    programme = Programme(towns, [*known.changes.values()], areas, initiatives)
    for day in (*DAYS, date.max):
        there = {one.code for one in programme.existing(day)}
        assert 0 <= programme.covered(areas, day) <= len(there)
        for later in (None, *(later for later in DAYS if later >= day)):
            sides = programme.sides(day, later)
            assert sides.keys() == there
            assert set(sides.values()) <= set(Side)


@unhurried
@given(registers, days)
def test_a_municipality_that_was_merged_or_divided_is_there_no_longer(known: KnownAreas, day: date) -> None:
    there = Geography(known.areas.values(), known.changes.values()).municipalities_on(day)
    for line in known.changes.values():
        if line.on <= day:
            assert there.isdisjoint(line.predecessors)
        if line.on - timedelta(days=1) == day:
            assert there >= set(line.predecessors)
        if line.on == day:
            assert there >= set(line.successors)
