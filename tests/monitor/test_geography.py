"""Series in the division of any year, worked out by hand, and properties of made-up histories."""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.monitor.areas.domain import Area, AreaChange
from services.monitor.areas.geography import Geography, NotRecalculable, Recalculated
from services.monitor.figure.tally import MILLION, NOTHING, Tally, of_scores
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel

from .tallies import of_mean

DATA = Path(__file__).parents[2] / "deploy" / "programme" / "data"
AALBURG, WERKENDAM, WOUDRICHEM, ALTENA = "GM0738", "GM0870", "GM0874", "GM1959"
SCHIJNDEL, SINT_OEDENRODE, VEGHEL, MEIERIJSTAD = "GM0844", "GM0846", "GM0860", "GM1948"
HAAREN, BOXTEL, OISTERWIJK, TILBURG, VUGHT = "GM0788", "GM0757", "GM0824", "GM0855", "GM0865"
BOXMEER, CUIJK, GRAVE, MILL, SINT_ANTHONIS, LAND_VAN_CUIJK = "GM0756", "GM1684", "GM0786", "GM0815", "GM1702", "GM1982"
LANDERD, UDEN, MAASHORST = "GM1685", "GM0856", "GM1991"
HELMOND, PROVINCE = "GM0794", "PV30"
DIVIDED = "niet herberekenbaar: Haaren is op 1 januari 2021 verdeeld over Boxtel, Oisterwijk, Tilburg en Vught"


def brabant() -> Geography:
    areas, changes = (json.loads((DATA / f"{name}.json").read_text("utf-8")) for name in ("areas", "area-changes"))
    return Geography(
        [
            Area(
                a["code"],
                a["name"],
                AreaLevel(a["level"]),
                a["parent"],
                date.fromisoformat(a["validFrom"]),
                date.fromisoformat(a["validUntil"]) if a["validUntil"] else None,
            )
            for a in areas
        ],
        [
            AreaChange(
                date.fromisoformat(c["on"]),
                AreaChangeKind(c["kind"]),
                tuple(c["predecessors"]),
                tuple(c["successors"]),
            )
            for c in changes
        ],
    )


BRABANT = brabant()


def count(number: int) -> Tally:
    return Tally(respondents=number, numerator=number)


def ratio(numerator: int, denominator: int) -> Tally:
    return Tally(respondents=denominator, numerator=numerator, denominator=denominator)


def mean(value: str, n: int, deviation: str | None = None) -> Tally:
    def millionths(text: str) -> int:
        return int(Decimal(text) * MILLION)

    return of_mean(millionths(value), n, millionths(deviation) if deviation else None)


def distribution(*classes: int) -> Tally:
    return Tally(respondents=sum(classes), n=sum(classes), histogram=classes)


def summed(area: str, year: int, period: str, published: Mapping[str, Tally]) -> Tally:
    found = BRABANT.recalculated(area, year, period, published)
    assert isinstance(found, Recalculated), found
    return found.tally


def refused(area: str, year: int, period: str, published: Mapping[str, Tally] | None = None) -> str:
    found = BRABANT.recalculated(area, year, period, published or {})
    assert isinstance(found, NotRecalculable), found
    return found.reason


# Altena: Aalburg, Werkendam and Woudrichem, from 2019.


def test_altena_in_2018_is_its_three_predecessors() -> None:
    assert BRABANT.parts(ALTENA, 2019, "2018") == (AALBURG, WERKENDAM, WOUDRICHEM)
    assert BRABANT.parts(ALTENA, 2019, "2018-12") == (AALBURG, WERKENDAM, WOUDRICHEM)
    assert BRABANT.parts(ALTENA, 2019, "2019") == (ALTENA,)
    assert BRABANT.parts(ALTENA, 2022, "2019-Q1") == (ALTENA,)


def test_a_count_of_altena_is_summed() -> None:
    published = {AALBURG: count(120), WERKENDAM: count(310), WOUDRICHEM: count(75), HELMOND: count(999)}
    assert summed(ALTENA, 2019, "2018", published).numerator == 505


def test_a_ratio_of_altena_comes_from_numerators_and_denominators_not_from_percentages() -> None:
    published = {AALBURG: ratio(100, 200), WERKENDAM: ratio(50, 500), WOUDRICHEM: ratio(30, 100)}
    # 180 of 800; the mean of 50%, 10% and 30% would be 30%.
    assert summed(ALTENA, 2019, "2018", published).share() == Decimal("0.225")


def test_a_mean_of_altena_is_weighted_by_n() -> None:
    published = {AALBURG: mean("3.5", 100), WERKENDAM: mean("4.0", 300), WOUDRICHEM: mean("2.5", 100)}
    # (350 + 1200 + 250) / 500.
    found = summed(ALTENA, 2019, "2018", published)
    assert (found.n, found.mean()) == (500, Decimal("3.600"))


def test_a_distribution_of_altena_is_added_by_class() -> None:
    published = {
        AALBURG: distribution(10, 20, 30),
        WERKENDAM: distribution(5, 0, 45),
        WOUDRICHEM: distribution(1, 2, 3),
    }
    assert summed(ALTENA, 2019, "2018", published).histogram == (16, 22, 78)


def test_a_deviation_is_known_of_the_sum_only_when_it_is_of_every_part() -> None:
    known = {AALBURG: mean("3", 50, "1"), WERKENDAM: mean("3", 50, "1"), WOUDRICHEM: mean("6", 100, "1")}
    # Around 4.5: (50 * (1 + 2.25) * 2 + 100 * (1 + 2.25)) / 200 = 3.25.
    assert summed(ALTENA, 2019, "2018", known).deviation() == Decimal("1.803")
    partly = {**known, WERKENDAM: mean("3", 50)}
    assert summed(ALTENA, 2019, "2018", partly).deviation() is None
    assert summed(ALTENA, 2019, "2018", partly).mean() == Decimal("4.500")


def test_without_a_figure_of_one_predecessor_there_is_none() -> None:
    assert (
        refused(ALTENA, 2019, "2018", {AALBURG: count(120)}) == "geen gepubliceerd cijfer van Werkendam en Woudrichem"
    )
    emptied = {AALBURG: count(120), WERKENDAM: NOTHING, WOUDRICHEM: count(75)}
    assert refused(ALTENA, 2019, "2018", emptied) == "geen gepubliceerd cijfer van Werkendam"


def test_without_any_figure_there_is_nothing_to_say() -> None:
    assert BRABANT.recalculated(ALTENA, 2019, "2018", {HELMOND: count(999)}) is None


def test_a_merged_municipality_cannot_be_split() -> None:
    reason = "niet herberekenbaar: Aalburg, Werkendam en Woudrichem zijn op 1 januari 2019 samengegaan in Altena"
    assert refused(AALBURG, 2018, "2019", {ALTENA: count(505)}) == reason
    assert BRABANT.parts(AALBURG, 2018, "2018") == (AALBURG,)


def test_an_area_is_not_in_a_division_before_or_after_it_existed() -> None:
    assert refused(AALBURG, 2019, "2018").startswith("Aalburg bestond niet op 1 januari 2019: Aalburg, Werkendam")
    assert refused(ALTENA, 2018, "2018").startswith("Altena bestond niet op 1 januari 2018")
    assert (BRABANT.in_division(ALTENA, 2018), BRABANT.in_division(ALTENA, 2019)) == (False, True)


def test_a_figure_given_in_the_new_division_for_an_old_period_is_taken_as_it_is() -> None:
    assert BRABANT.recalculated(ALTENA, 2019, "2018", {ALTENA: count(505)}) == Recalculated(count(505), (ALTENA,))
    both = {ALTENA: count(505), AALBURG: count(120)}
    assert refused(ALTENA, 2019, "2018", both) == "over 2018 zijn er cijfers van Altena en van Aalburg"


def test_a_figure_may_stand_under_a_code_that_is_of_the_same_land_or_of_none_then() -> None:
    assert BRABANT.misplaced(ALTENA, 2019, "2018") is None
    assert BRABANT.misplaced(BOXTEL, 2020, "2019") is None
    assert BRABANT.misplaced(AALBURG, 2018, "2020") is None
    assert BRABANT.misplaced(BOXTEL, 2021, "2014") is None
    assert BRABANT.misplaced(BOXTEL, 2021, "2020") == NotRecalculable(DIVIDED)
    assert BRABANT.misplaced(BOXTEL, 2020, "2021") == NotRecalculable(DIVIDED)
    assert CHAIN.misplaced("p", 2018, "2017") == NotRecalculable("P van 2018 was in 2017 P en Q")


# Meierijstad: Schijndel, Sint-Oedenrode and Veghel, from 2017.


def test_meierijstad_in_2016() -> None:
    assert BRABANT.parts(MEIERIJSTAD, 2017, "2016") == (SCHIJNDEL, SINT_OEDENRODE, VEGHEL)
    counts = {SCHIJNDEL: count(23), SINT_OEDENRODE: count(18), VEGHEL: count(38)}
    assert summed(MEIERIJSTAD, 2017, "2016", counts).numerator == 79
    ratios = {SCHIJNDEL: ratio(12, 120), SINT_OEDENRODE: ratio(27, 90), VEGHEL: ratio(36, 190)}
    assert summed(MEIERIJSTAD, 2017, "2016", ratios).share() == Decimal("0.188")  # 75 of 400 is 0.1875
    means = {SCHIJNDEL: mean("7.2", 50), SINT_OEDENRODE: mean("6.8", 25), VEGHEL: mean("7.6", 125)}
    assert summed(MEIERIJSTAD, 2017, "2016", means).mean() == Decimal("7.400")  # (360 + 170 + 950) / 200
    scores = {SCHIJNDEL: of_scores((1, 2, 3, 4, 5)), SINT_OEDENRODE: of_scores((5, 4, 3, 2, 1)), VEGHEL: NOTHING}
    assert refused(MEIERIJSTAD, 2017, "2016", scores) == "geen gepubliceerd cijfer van Veghel"
    scores[VEGHEL] = of_scores((0, 0, 10, 0, 0))
    found = summed(MEIERIJSTAD, 2017, "2016", scores)
    assert (found.histogram, found.mean()) == ((6, 6, 16, 6, 6), Decimal("3.000"))
    assert found.deviation() == Decimal("1.225")  # 2 * (6 * 4 + 6) / 40 is 1.5


# Haaren: divided in 2021 over Boxtel, Oisterwijk, Tilburg and Vught, which kept their codes.


@pytest.mark.parametrize("grown", [BOXTEL, OISTERWIJK, TILBURG, VUGHT])
@pytest.mark.parametrize(
    "figure", [count(1), ratio(1, 2), mean("3", 4), distribution(1, 2)], ids=("count", "ratio", "mean", "distribution")
)
def test_what_grew_by_haaren_is_refused_for_before(grown: str, figure: Tally) -> None:
    published = dict.fromkeys((HAAREN, BOXTEL, OISTERWIJK, TILBURG, VUGHT), figure)
    assert refused(grown, 2021, "2020", published) == DIVIDED
    assert refused(grown, 2022, "2019-03", published) == DIVIDED
    assert refused(grown, 2020, "2021", published) == DIVIDED
    assert summed(grown, 2021, "2021", published) == figure
    assert summed(grown, 2020, "2020", published) == figure


def test_haaren_itself_is_there_until_it_is_divided() -> None:
    assert summed(HAAREN, 2020, "2020-Q4", {HAAREN: count(14)}) == count(14)
    assert refused(HAAREN, 2020, "2021", {BOXTEL: count(30)}) == DIVIDED


# Land van Cuijk (five) and Maashorst (two), from 2022.


def test_land_van_cuijk_in_2021() -> None:
    five = (BOXMEER, CUIJK, GRAVE, MILL, SINT_ANTHONIS)
    assert BRABANT.parts(LAND_VAN_CUIJK, 2022, "2021") == tuple(sorted(five))
    counts = dict(zip(five, map(count, (29, 25, 12, 11, 12)), strict=True))
    assert summed(LAND_VAN_CUIJK, 2022, "2021", counts).numerator == 89
    sizes = (300, 250, 125, 110, 115)
    ratios = dict(zip(five, map(ratio, (60, 75, 25, 11, 9), sizes), strict=True))
    assert summed(LAND_VAN_CUIJK, 2022, "2021", ratios).share() == Decimal("0.200")  # 180 of 900
    means = dict(zip(five, map(mean, ("7", "7.2", "6.4", "7", "8"), sizes), strict=True))
    # (2100 + 1800 + 800 + 770 + 920) / 900 is 7.1
    assert summed(LAND_VAN_CUIJK, 2022, "2021", means).mean() == Decimal("7.100")
    classes = dict(zip(five, (distribution(n, 2 * n) for n in (1, 2, 3, 4, 5)), strict=True))
    assert summed(LAND_VAN_CUIJK, 2022, "2021", classes).histogram == (15, 30)
    without = {code: tally for code, tally in counts.items() if code != GRAVE}
    assert refused(LAND_VAN_CUIJK, 2022, "2021", without) == "geen gepubliceerd cijfer van Grave"


def test_maashorst_in_2021() -> None:
    assert BRABANT.parts(MAASHORST, 2022, "2021") == (UDEN, LANDERD)
    assert summed(MAASHORST, 2022, "2021", {UDEN: count(42), LANDERD: count(16)}).numerator == 58
    ratios = {UDEN: ratio(90, 400), LANDERD: ratio(30, 80)}
    assert summed(MAASHORST, 2022, "2021", ratios).share() == Decimal("0.250")  # 120 of 480
    means = {UDEN: mean("3.9", 300), LANDERD: mean("3.5", 100)}
    assert summed(MAASHORST, 2022, "2021", means).mean() == Decimal("3.800")  # (1170 + 350) / 400
    classes = {UDEN: distribution(100, 150, 50), LANDERD: distribution(10, 20, 70)}
    assert summed(MAASHORST, 2022, "2021", classes).histogram == (110, 170, 120)


# Regions, provinces, and the edges of what is known.


def test_the_province_is_itself_in_every_division() -> None:
    for year in BRABANT.years(date(2026, 11, 25)):
        assert summed(PROVINCE, year, "2018", {PROVINCE: count(7)}) == count(7)


def test_a_region_is_itself_until_a_division_crosses_its_border() -> None:
    assert BRABANT.parts("west-brabant", 2026, "2016") == ("west-brabant",)  # Altena's merger is inside
    assert BRABANT.parts("noordoost-brabant", 2022, "2021") == ("noordoost-brabant",)
    assert refused("noordoost-brabant", 2022, "2020") == f"{DIVIDED}, over de grens van Noordoost-Brabant"
    assert refused("midden-brabant", 2020, "2021") == f"{DIVIDED}, over de grens van Midden-Brabant"


def test_a_year_before_the_first_division_is_not_recalculable() -> None:
    assert refused(HELMOND, 2019, "2015", {HELMOND: count(7)}) == "de indeling van voor 1 januari 2016 is niet bekend"
    assert BRABANT.years(date(2026, 11, 25)) == range(2016, 2027)


def test_candidates_are_all_that_are_a_part_or_would_have_been() -> None:
    assert BRABANT.candidates(ALTENA, 2019) == {ALTENA, AALBURG, WERKENDAM, WOUDRICHEM}
    assert BRABANT.candidates(AALBURG, 2018) == {ALTENA, AALBURG, WERKENDAM, WOUDRICHEM}
    assert BRABANT.candidates(BOXTEL, 2021) == {HAAREN, BOXTEL, OISTERWIJK, TILBURG, VUGHT}
    assert BRABANT.candidates(HELMOND, 2016) == {HELMOND}


def test_a_municipality_says_when_it_changed() -> None:
    assert BRABANT.changes_of(BOXTEL) == [(date(2021, 1, 1), DIVIDED.removeprefix("niet herberekenbaar: "))]
    assert BRABANT.changes_of(HELMOND) == []


# Chains, changes in mid-year and renamings, which Brabant did not have.


def town(code: str, since: str, until: str | None = None) -> Area:
    ends = date.fromisoformat(until) if until else None
    return Area(code, code.title(), AreaLevel.MUNICIPALITY, None, date.fromisoformat(since), ends)


def line(on: str, kind: str, old: str, new: str) -> AreaChange:
    return AreaChange(date.fromisoformat(on), AreaChangeKind(kind), tuple(old.split()), tuple(new.split()))


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


# A share of the municipalities: what was said of them then, of those there are now.


def on(day: str) -> date:
    return date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2016-01-01", 66),
        ("2016-12-31", 66),
        ("2017-01-01", 64),
        ("2018-01-01", 64),
        ("2018-12-31", 64),
        ("2019-01-01", 62),
        ("2020-12-31", 62),
        ("2021-01-01", 61),
        ("2022-01-01", 56),
        ("2026-11-25", 56),
    ],
)
def test_the_number_of_municipalities_moves(day: str, number: int) -> None:
    assert len(BRABANT.municipalities_on(on(day))) == number


class CarriedOver(NamedTuple):
    """Municipalities of a later day that certainly have what some of an earlier day had, or perhaps."""

    certain: frozenset[str]
    uncertain: frozenset[str]


def carried_over(geography: Geography, codes: Set[str], since: date, until: date) -> CarriedOver:
    """What exactly these had."""
    states: dict[str, bool | None] = {code: code in codes for code in geography.municipalities_on(since) | codes}
    carried = geography.carried(states, since, until)
    return CarriedOver(
        frozenset(code for code, state in carried.items() if state),
        frozenset(code for code, state in carried.items() if state is None),
    )


def test_thirty_of_sixty_four_become_fewer_of_fewer() -> None:
    merging = {AALBURG, WERKENDAM, WOUDRICHEM, LANDERD, UDEN, BOXMEER, CUIJK}
    stayed = sorted(BRABANT.municipalities_on(on("2018-01-01")) & BRABANT.municipalities_on(on("2022-01-01")))
    rest = [code for code in stayed if code not in (BOXTEL, OISTERWIJK, TILBURG, VUGHT)][:23]
    friendly = merging | set(rest)
    assert len(friendly) == 30

    def carried(day: str) -> tuple[int, int, int]:
        found = carried_over(BRABANT, friendly, on("2018-01-01"), on(day))
        return len(found.certain), len(found.uncertain), len(BRABANT.municipalities_on(on(day)))

    assert carried("2018-01-01") == (30, 0, 64)
    assert carried("2019-01-01") == (28, 0, 62)  # three became Altena, which is
    assert carried("2021-01-01") == (28, 0, 61)  # Haaren was not, nor those it went to
    assert carried("2022-01-01") == (25, 1, 56)  # Maashorst is; Land van Cuijk, two of five, perhaps


def test_a_merged_municipality_has_it_when_all_before_had_and_has_not_when_none_had() -> None:
    def altena(*had: str) -> CarriedOver:
        return carried_over(BRABANT, set(had), on("2018-06-01"), on("2019-06-01"))

    assert altena(AALBURG, WERKENDAM, WOUDRICHEM) == CarriedOver(frozenset({ALTENA}), frozenset())
    assert altena(AALBURG, WERKENDAM) == CarriedOver(frozenset(), frozenset({ALTENA}))
    assert altena() == CarriedOver(frozenset(), frozenset())


def test_what_grew_by_a_division_has_it_when_both_had() -> None:
    def grown(*had: str) -> CarriedOver:
        return carried_over(BRABANT, set(had), on("2020-12-31"), on("2021-01-01"))

    assert grown(HAAREN, BOXTEL) == CarriedOver(frozenset({BOXTEL}), frozenset({OISTERWIJK, TILBURG, VUGHT}))
    assert grown(BOXTEL) == CarriedOver(frozenset(), frozenset({BOXTEL}))


def test_what_is_unknown_stays_unknown() -> None:
    states = {AALBURG: True, WERKENDAM: None, WOUDRICHEM: True, HELMOND: None}
    carried = BRABANT.carried(states, on("2018-06-01"), on("2019-06-01"))
    assert (carried[ALTENA], carried[HELMOND], carried[BOXTEL], len(carried)) == (None, None, None, 62)


def test_it_is_carried_forward_only_and_of_municipalities_only() -> None:
    with pytest.raises(ValueError, match="is before"):
        carried_over(BRABANT, set(), on("2019-01-01"), on("2018-12-31"))
    with pytest.raises(ValueError, match="GM1959"):
        carried_over(BRABANT, {ALTENA}, on("2018-01-01"), on("2019-01-01"))


# Made-up histories. The land is atoms, so the truth about every division is known.


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
