"""Charts: every municipality has its place, and what is not known is not drawn."""

import json
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.charts.tilemap import tile_map
from services.monitor.charts.tiles import COLUMNS, ROWS, TILES
from services.monitor.charts.trend import Trend, TrendPoint, trend

_AREAS = json.loads((Path(__file__).parents[3] / "deploy" / "programme" / "data" / "areas.json").read_text("utf-8"))
MUNICIPALITIES = {area["code"]: area for area in _AREAS if area["level"] == "municipality"}


def test_every_municipality_of_the_province_has_a_tile_inside_the_map() -> None:
    assert TILES.keys() == MUNICIPALITIES.keys()
    assert all(0 <= tile.column < COLUMNS and 0 <= tile.row < ROWS for tile in TILES.values())


def test_municipalities_that_existed_together_never_share_a_place_or_letters() -> None:
    def until(code: str) -> date:
        return date.fromisoformat(MUNICIPALITIES[code]["validUntil"] or "9999-12-31")

    for one, other in combinations(TILES, 2):
        start = max(date.fromisoformat(MUNICIPALITIES[code]["validFrom"]) for code in (one, other))
        if start < min(until(one), until(other)):
            assert TILES[one][:2] != TILES[other][:2], (one, other)
        assert TILES[one].letters != TILES[other].letters


def test_values_fall_into_five_classes_of_a_round_width() -> None:
    values = {"GM0794": Decimal("3.12"), "GM0828": Decimal("3.50"), "GM0758": Decimal("3.88")}
    drawn = tile_map([*values, "GM0772"], values)
    assert {square.code: square.grade for square in drawn.squares} == {
        "GM0794": 1,
        "GM0828": 3,
        "GM0758": 5,
        "GM0772": 0,
    }
    assert [band.low for band in drawn.legend] == [Decimal(low) for low in ("3.0", "3.2", "3.4", "3.6", "3.8")]


def test_classes_are_no_finer_than_a_figure_is_shown_in() -> None:
    drawn = tile_map(["GM0794"], {"GM0794": Decimal("41.3")}, Decimal(1))
    assert [band.low for band in drawn.legend] == [Decimal(low) for low in range(41, 46)]


@given(st.lists(st.decimals("-5000", "5000", places=3), min_size=1, max_size=len(TILES)))
def test_every_value_lies_in_its_class(numbers: list[Decimal]) -> None:
    values = dict(zip(TILES, numbers, strict=False))
    drawn = tile_map(values, values)
    legend = {band.grade: band for band in drawn.legend}
    for square in drawn.squares:
        assert legend[square.grade].low <= values[square.code] <= legend[square.grade].high


def test_a_map_without_values_has_no_legend_and_an_unknown_area_is_left_out() -> None:
    drawn = tile_map(["GM0794", "GM9999"], {})
    assert ([square.grade for square in drawn.squares], drawn.legend) == ([0], ())


def test_of_two_municipalities_at_one_place_the_one_with_a_value_is_drawn() -> None:
    drawn = tile_map(["GM0874", "GM1959"], {"GM1959": Decimal(3)})
    assert [square.code for square in drawn.squares] == ["GM1959"]


def known(period: str, value: str, anew: str | None = None) -> TrendPoint:
    return TrendPoint(period, period, Decimal(value), Decimal(value) - 1, Decimal(value) + 1, anew)


def drawn(*points: TrendPoint) -> Trend:
    found = trend(points, Decimal("0.1"), "{:.1f}".format)
    assert found is not None
    return found


def test_a_gap_in_a_series_breaks_the_line_and_the_band() -> None:
    chart = drawn(known("2016", "3"), known("2017", "3.5"), TrendPoint("2018", "2018", None), known("2019", "4"))
    assert (len(chart.lines), len(chart.bands), len(chart.leaps), len(chart.dots)) == (1, 1, 1, 3)
    assert [tick.text for tick in chart.across] == ["2016", "2017", "2018", "2019"]


def test_a_value_without_neighbours_shows_its_confidence_too() -> None:
    chart = drawn(known("2016", "3"), TrendPoint("2017", "2017", None), known("2018", "3.5"))
    assert (len(chart.bands), len(chart.whiskers)) == (0, 2)
    assert all(whisker.top < dot.y < whisker.bottom for whisker, dot in zip(chart.whiskers, chart.dots, strict=True))


def test_what_is_measured_otherwise_is_not_joined_to_what_was_before() -> None:
    chart = drawn(known("2016", "3"), known("2017", "3.5", anew="Monitor 2.0"), known("2018", "4"))
    assert (len(chart.lines), chart.leaps) == (1, ())
    assert [mark.text for mark in chart.marks] == ["Monitor 2.0"]
    assert chart.dots[0].x < chart.marks[0].at < chart.dots[1].x


def test_a_higher_value_is_drawn_higher_and_the_axis_has_round_numbers() -> None:
    chart = drawn(TrendPoint("2016", "2016", Decimal("2.2")), TrendPoint("2017", "2017", Decimal(4)))
    assert chart.dots[1].y < chart.dots[0].y
    assert chart.bands == ()
    assert [tick.text for tick in chart.up] == ["2.0", "2.5", "3.0", "3.5", "4.0"]


@given(st.lists(st.decimals(0, 1, places=3), min_size=2, max_size=9))
def test_no_share_is_drawn_beyond_all(shares: list[Decimal]) -> None:
    points = [TrendPoint(str(2000 + n), "", share) for n, share in enumerate(shares)]
    chart = trend(points, Decimal("0.001"), str, end=Decimal(1))
    assert chart is not None
    ticks = [Decimal(tick.text) for tick in chart.up]
    assert ticks == sorted(set(ticks))
    assert 0 <= ticks[0] <= min(shares) <= max(shares) <= ticks[-1] <= 1
    drawn = tile_map(TILES, dict(zip(TILES, shares, strict=False)), Decimal("0.001"), Decimal(1))
    assert 0 <= drawn.legend[0].low <= min(shares) <= max(shares) <= drawn.legend[-1].high <= 1


def test_a_wide_label_has_its_place_beside_the_axis() -> None:
    def left(write: str) -> int:
        found = trend(
            [TrendPoint("2016", "2016", Decimal(2)), TrendPoint("2017", "2017", Decimal(4))],
            Decimal("0.1"),
            write.format,
        )
        assert found is not None
        return found.left

    assert left("{:.1f}") < left("{:.1f}00 %") < left("{:.1f}00.000")


def test_labels_never_run_into_each_other() -> None:
    months = [TrendPoint(f"2018-{n:02}", "mrt 2018", Decimal(3)) for n in range(1, 25)]
    places = [tick.at for tick in drawn(*months).across]
    assert len(places) > 2
    assert all(right - left > len("mrt 2018") * 7 for left, right in pairwise(places))


def test_one_value_is_no_trend() -> None:
    assert (
        trend([TrendPoint("2016", "2016", Decimal(3)), TrendPoint("2017", "2017", None)], Decimal("0.1"), str) is None
    )
