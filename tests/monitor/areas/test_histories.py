"""Made-up histories. The land is atoms, so the truth about every division is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from services.monitor.areas.domain import Area, AreaChange
from services.monitor.areas.geography import Geography, NotRecalculable, Recalculated
from services.monitor.figure.tally import NOTHING, of_scores
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel

from .brabant import count, ratio
from .test_carried import carried_over


@dataclass(frozen=True)
class History:
    geography: Geography
    land: Mapping[int, Mapping[str, frozenset[int]]]  # year, municipality, atoms


YEARS = range(2016, 2021)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Five years; each 1 January some municipalities merge and some are divided, over others or over new ones."""
    land = {f"m{n}": frozenset(range(3 * n, 3 * n + 3)) for n in range(draw(st.integers(2, 6)))}
    since = dict.fromkeys(land, 2016)
    areas, changes, by_year = [], [], {2016: land}
    for year in YEARS[1:]:
        now, idle = dict(land), sorted(land)
        for number in range(draw(st.integers(0, 2))):
            if len(idle) < 2:
                break
            involved = [idle.pop(draw(st.integers(0, len(idle) - 1))) for _ in range(draw(st.integers(2, len(idle))))]
            fresh = [f"n{year}{number}a", f"n{year}{number}b"]
            if draw(st.booleans()):
                old = involved[1:] if (absorbs := draw(st.booleans())) else involved
                new = [involved[0] if absorbs else fresh[0]]
                kind, grown = AreaChangeKind.MERGER, {new[0]: frozenset[int]().union(*(now[code] for code in involved))}
            else:
                old, atoms = involved[:1], sorted(now[involved[0]])
                if len(atoms) < 2:
                    continue
                cut = draw(st.integers(1, len(atoms) - 1))
                new = fresh if draw(st.booleans()) or len(involved) < 3 else involved[1:3]
                halves = (frozenset(atoms[:cut]), frozenset(atoms[cut:]))
                kind = AreaChangeKind.DIVISION
                grown = {code: half | now.get(code, frozenset()) for code, half in zip(new, halves, strict=True)}
            for code in old:
                areas.append(Area(code, code, AreaLevel.MUNICIPALITY, "pv", date(since[code], 1, 1), date(year, 1, 1)))
                del now[code]
            since.update((code, year) for code in new if code not in now)
            now |= grown
            changes.append(AreaChange(date(year, 1, 1), kind, tuple(old), tuple(new)))
        land = by_year[year] = now
    areas += [Area(code, code, AreaLevel.MUNICIPALITY, "pv", date(since[code], 1, 1), None) for code in land]
    areas.append(Area("pv", "pv", AreaLevel.PROVINCE, None, date(2016, 1, 1), None))
    return History(Geography(areas, changes), by_year)


years = st.sampled_from(YEARS)


@given(histories(), years, years)
def test_what_is_not_refused_is_exactly_the_same_land(history: History, year: int, then: int) -> None:
    for code, atoms in history.land[year].items():
        parts = history.geography.parts(code, year, str(then))
        if not isinstance(parts, NotRecalculable):
            assert frozenset[int]().union(*(history.land[then][part] for part in parts)) == atoms
            assert set(parts) <= history.geography.candidates(code, year)


@given(histories(), years, years)
def test_what_only_merged_is_never_refused_for_before(history: History, year: int, then: int) -> None:
    assume(then <= year)
    geography = history.geography
    for code in history.land[year]:
        parts = geography.parts(code, year, str(then))
        if isinstance(parts, NotRecalculable):
            assert "verdeeld" in parts.reason


@given(histories(), years, years, st.randoms(use_true_random=False))
def test_the_sum_over_the_province_is_the_same_in_every_division(
    history: History,
    year: int,
    then: int,
    random: Random,
) -> None:
    cells = {
        code: of_scores(tuple(random.randint(0, 9) for _ in range(5))) + ratio(random.randint(0, 9), 10)
        for code in history.land[then]
    }
    total = sum(cells.values(), NOTHING)
    found = [history.geography.recalculated(code, year, str(then), cells) for code in history.land[year]]
    sums = [one.tally for one in found if isinstance(one, Recalculated)]
    if len(sums) == len(found):
        assert sum(sums, NOTHING) == total
    parts = [part for one in found if isinstance(one, Recalculated) for part in one.parts]
    assert len(parts) == len(set(parts)), "a figure counts twice"
    in_province = history.geography.recalculated("pv", year, str(then), {"pv": total})
    assert isinstance(in_province, Recalculated)
    assert in_province.tally == total


@given(histories(), years, years)
def test_whoever_is_not_apart_has_its_own_figure(history: History, year: int, then: int) -> None:
    geography, cells = history.geography, {code: count(1) for code in history.land[then]}
    for code in geography.municipalities_on(date(year, 1, 1)) - geography.apart(year, str(then)):
        found = geography.recalculated(code, year, str(then), cells)
        assert found == (Recalculated(cells[code], (code,)) if code in cells else None)


@given(histories(), years, years, st.data())
def test_what_is_carried_over_for_certain_holds_everywhere(
    history: History, one: int, other: int, data: st.DataObject
) -> None:
    since, until = sorted((one, other))
    had = data.draw(st.sets(st.sampled_from(sorted(history.land[since]))))
    carried = carried_over(history.geography, had, date(since, 1, 1), date(until, 1, 1))
    atoms = frozenset[int]().union(*(history.land[since][code] for code in had))
    for code, land in history.land[until].items():
        if code in carried.certain:
            assert land <= atoms
        elif code not in carried.uncertain:
            assert not land & atoms
