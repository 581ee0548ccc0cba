"""Charts: every municipality has its place, and what is not known is not drawn."""

import json
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

from services.monitor.charts.tilemap import tile_map
from services.monitor.charts.tiles import COLUMNS, ROWS, TILES
from services.monitor.charts.trend import Point, trend

_AREAS = json.loads((Path(__file__).parents[2] / "deploy" / "programme" / "data" / "areas.json").read_text("utf-8"))
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


def test_values_fall_into_five_classes_of_the_scale() -> None:
    scale = (Decimal(1), Decimal(5))
    values = {"GM0794": Decimal("1.0"), "GM0828": Decimal("3.0"), "GM0758": Decimal("5.0")}
    drawn = tile_map([*values, "GM0772"], values, scale)
    assert {square.code: square.grade for square in drawn.squares} == {
        "GM0794": 1,
        "GM0828": 3,
        "GM0758": 5,
        "GM0772": 0,
    }
    assert (drawn.legend[0].low, drawn.legend[-1].high) == scale


def test_a_map_without_values_has_no_legend_and_an_unknown_area_is_left_out() -> None:
    drawn = tile_map(["GM0794", "GM9999"], {})
    assert ([square.grade for square in drawn.squares], drawn.legend) == ([0], ())


def test_a_gap_in_a_series_breaks_the_line_and_the_band() -> None:
    def known(period: str, value: str) -> Point:
        return Point(period, Decimal(value), Decimal(value) - 1, Decimal(value) + 1)

    drawn = trend([known("2016", "3"), known("2017", "3.5"), Point("2018", None), known("2019", "4")])
    assert drawn is not None
    assert (len(drawn.lines), len(drawn.bands), len(drawn.dots)) == (2, 2, 3)
    assert [tick.text for tick in drawn.across] == ["2016", "2017", "2018", "2019"]


def test_a_higher_value_is_drawn_higher() -> None:
    drawn = trend([Point("2016", Decimal(2)), Point("2017", Decimal(4))], (Decimal(1), Decimal(5)))
    assert drawn is not None
    assert drawn.dots[1].y < drawn.dots[0].y
    assert drawn.bands == ()


def test_nothing_known_is_no_chart() -> None:
    assert trend([Point("2016", None)]) is None
