"""Series in the division of any year, worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from services.monitor.areas.geography import NotRecalculable, Recalculated
from services.monitor.figure.tally import NOTHING, Tally, of_scores

from .brabant import (
    AALBURG,
    ALTENA,
    BOXMEER,
    BOXTEL,
    BRABANT,
    CUIJK,
    DIVIDED,
    GRAVE,
    HAAREN,
    HELMOND,
    LAND_VAN_CUIJK,
    LANDERD,
    MAASHORST,
    MEIERIJSTAD,
    MILL,
    OISTERWIJK,
    PROVINCE,
    SCHIJNDEL,
    SINT_ANTHONIS,
    SINT_OEDENRODE,
    TILBURG,
    UDEN,
    VEGHEL,
    VUGHT,
    WERKENDAM,
    WOUDRICHEM,
    count,
    distribution,
    mean,
    ratio,
    refused,
    summed,
)
from .test_crosswalk import CHAIN

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
