"""A map as JSON: whichever municipalities have a figure, each stands once, in order, with what is its own."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.published import map_layout, views

from ..areas.brabant import brabant

BRABANT = brabant()
CODES = sorted(BRABANT.areas)
DAYS = st.sampled_from([date(2016, 1, 1), date(2019, 1, 1), date(2022, 1, 1)])


def area(code: str, shown: str | None) -> object:
    parts = () if shown is None else (code,)
    return json.loads(views.map_area(code, BRABANT.name(code), shown, parts))


@pytest.mark.twin_of("services.monitor.published.map_layout")
@given(DAYS, st.lists(st.sampled_from([*CODES, "GM0000"]), unique=True))
def test_a_map_has_every_municipality_of_its_day_and_every_figure(day: date, there: list[str]) -> None:
    figures = [f'"n":{number}' for number in range(len(there))]
    found = json.loads(map_layout.layout_of(BRABANT, day, " ".join(there)).filled(figures))
    shown = dict(zip(there, figures, strict=True))
    codes = sorted(BRABANT.municipalities_on(day) | shown.keys())
    assert found == [area(code, shown.get(code)) for code in codes]


@given(DAYS, st.lists(st.sampled_from([*CODES, "GM0000"]), unique=True), st.data())
def test_in_a_division_what_was_made_stands_in_its_place(day: date, there: list[str], data: st.DataObject) -> None:
    municipalities = sorted(BRABANT.municipalities_on(day))
    apart = tuple(sorted(data.draw(st.sets(st.sampled_from(municipalities)))))
    figures = [f'"n":{number}' for number in range(len(there))]
    made = [views.map_area(code, "made", None, (), code) for code in apart]
    found = json.loads(map_layout.layout_of(BRABANT, day, " ".join(there), apart).filled((*figures, *made)))
    shown = dict(zip(there, figures, strict=True))
    whole = dict(zip(apart, made, strict=True))
    assert found == [
        json.loads(whole[code]) if code in whole else area(code, shown.get(code)) for code in municipalities
    ]
