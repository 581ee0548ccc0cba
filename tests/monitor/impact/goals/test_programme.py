"""Who is inside the programme and who outside, through mergers; on the programme's own data."""

import json
from datetime import date
from pathlib import Path

import pytest

from services.monitor.areas.domain import Area, AreaChange
from services.monitor.figure.tally import NOTHING
from services.monitor.impact.goals.programme import Programme, Side, pooled_tally
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel

from ...figure.tallies import of_mean

DATA = Path(__file__).parents[4] / "deploy" / "programme" / "data"


def read(name: str) -> list[dict[str, str]]:
    records: list[dict[str, str]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return records


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture(scope="module")
def programme() -> Programme:
    """The eight towns and West-Brabant, with an initiative in Eindhoven and one in Boxmeer."""
    return Programme(
        {
            area["code"]: Area(
                area["code"],
                area["name"],
                AreaLevel.MUNICIPALITY,
                area["parent"],
                day(area["validFrom"]),
                day(area["validUntil"]) if area["validUntil"] else None,
            )
            for area in read("areas")
            if area["level"] == "municipality"
        },
        [
            AreaChange(
                day(change["on"]),
                AreaChangeKind(change["kind"]),
                tuple(change["predecessors"]),
                tuple(change["successors"]),
            )
            for change in read("area-changes")
        ],
        {"GM0828", "GM0867", "GM1948", "GM0748", "GM0826", "GM0794", "GM0856", "GM1674", "west-brabant"},
        {"GM0772", "GM0756"},
    )


def test_the_towns_and_the_region_are_inside_and_a_town_with_an_initiative_is_on_neither_side(
    programme: Programme,
) -> None:
    sides = programme.sides(date(2019, 1, 1))
    assert len(sides) == 62
    assert {sides[code] for code in ("GM0828", "GM0856", "GM1948", "GM0758", "GM1959")} == {Side.INSIDE}
    assert sides["GM0772"] is Side.TOUCHED
    assert sides["GM0796"] is Side.OUTSIDE


def test_before_a_merger_the_parts_stand_where_the_whole_will(programme: Programme) -> None:
    sides = programme.sides(date(2016, 6, 1))
    assert {sides[code] for code in ("GM0844", "GM0846", "GM0860")} == {Side.INSIDE}, "they became Meierijstad"
    assert {sides[code] for code in ("GM0738", "GM0870", "GM0874")} == {Side.INSIDE}, "they lie in West-Brabant"


def test_maashorst_is_of_both_sides_so_uden_and_landerd_are_left_out_beside_it(programme: Programme) -> None:
    assert programme.sides(date(2022, 1, 1))["GM1991"] is Side.MIXED
    alone = programme.sides(date(2021, 1, 1))
    assert (alone["GM0856"], alone["GM1685"]) == (Side.INSIDE, Side.OUTSIDE)
    beside = programme.sides(date(2021, 1, 1), date(2022, 1, 1))
    assert (beside["GM0856"], beside["GM1685"]) == (Side.MIXED, Side.MIXED)
    assert beside["GM0828"] is Side.INSIDE


def test_an_initiative_in_a_part_touches_the_whole(programme: Programme) -> None:
    assert programme.sides(date(2022, 1, 1))["GM1982"] is Side.TOUCHED, "Boxmeer went into Land van Cuijk"


def test_the_same_territory_stands_on_the_same_side_in_both_periods(programme: Programme) -> None:
    for earlier, later in ((2016, 2019), (2017, 2022), (2020, 2026)):
        before = programme.sides(date(earlier, 1, 1), date(later, 1, 1))
        after = programme.sides(date(later, 1, 1))
        for code, side in before.items():
            reached = {after[c] for c in programme._successors(code, date(later, 1, 1)) if c in after}
            assert side is Side.MIXED or reached == {side}, code


def test_a_municipality_is_covered_when_all_it_was_made_of_is(programme: Programme) -> None:
    before = {area.code for area in programme.existing(date(2018, 1, 1))}
    assert programme.covered(before, date(2018, 1, 1)) == 64
    assert programme.covered(before, date(2019, 1, 1)) == 62
    assert programme.covered(before, date(2022, 1, 1)) == 56
    assert programme.covered(before - {"GM1685"}, date(2022, 1, 1)) == 55, "Landerd is half of Maashorst"
    assert programme.covered({"GM0738", "GM0870"}, date(2019, 1, 1)) == 0, "Altena needs Woudrichem too"
    assert programme.covered({"GM0738", "GM0870", "GM0874"}, date(2019, 1, 1)) == 1


def test_a_pool_adds_what_is_public_and_names_who_has_something() -> None:
    three, four = of_mean(3_000_000, 100, None), of_mean(4_000_000, 300, None)
    found = pooled_tally({"a": three, "b": four, "c": NOTHING}, ["a", "b", "c", "d"])
    assert found.areas == ("a", "b")
    assert found.tally.mean() is not None
    assert float(found.tally.mean() or 0) == 3.75
