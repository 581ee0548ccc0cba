"""What held of municipalities of one day, carried over to those of a later day."""

from collections.abc import Set
from datetime import date
from typing import NamedTuple

import pytest

from services.monitor.areas.geography import Geography

from .brabant import (
    AALBURG,
    ALTENA,
    BOXMEER,
    BOXTEL,
    BRABANT,
    CUIJK,
    HAAREN,
    HELMOND,
    LANDERD,
    OISTERWIJK,
    TILBURG,
    UDEN,
    VUGHT,
    WERKENDAM,
    WOUDRICHEM,
)


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
