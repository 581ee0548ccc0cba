"""What the faults hold the public figures against: it finds a sound world sound, and sees one number that is off."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from ..public_world import PublicWorld
from ..recomputation import Difference, Table, compare

Row = dict[str, Any]
PARENT = {"p": None, "r": "p", "m": "r"}


def numbers(people: int, score: int) -> Row:
    return {
        "respondents": people,
        "n": people,
        "total": people * score * 10**6,
        "squares": people * score**2 * 10**12,
        "spread_n": people,
        "numerator": 0,
        "denominator": 0,
        "histogram": [people if each == score else 0 for each in range(1, 6)],
    }


def unit(ref: str, people: int, packet: int | None, score: int = 4) -> Row:
    return {"ref": f"dialogue/{ref}", "number": 0, "indicator": "i", "source": "dialogue", "area": "m",
            "period": "2026-11", "packet": packet, **numbers(people, score)}  # fmt: skip


def packet(id_: int, people: int, units: int, dissolved: int | None = None) -> Row:
    return {"id": id_, "published": id_, "dissolved": dissolved, "indicator": "i", "source": "dialogue", "area": "m",
            "period": "2026-11", "units": units, **numbers(people, 4)}  # fmt: skip


@pytest.fixture
def rows() -> dict[str, list[Row]]:
    """A packet of two dialogues, one that was dissolved, a dialogue that waits."""
    return {
        "units": [unit("a", 6, 1), unit("b", 5, 1), unit("gone", 0, 2), unit("left", 5, 2), unit("waits", 9, None)],
        "packets": [packet(1, 11, 2), packet(2, 11, 2, dissolved=3)],
        "published": [
            {"kind": kind, "code": code, "source": "dialogue", "area": area, "period": period, "version": 1,
             "publication": 1, "shown": '"n":11,"mean":4.0', **numbers(11, 4)}
            for kind, code in (("indicator", "i"), ("theme", "t"))
            for area in PARENT
            for period in ("2026-11", "2026-Q4", "2026")
        ],
        "contributions": [{"dialogue": d, "people": n} for d, n in (("a", 6), ("b", 5), ("left", 5), ("waits", 9))],
    }  # fmt: skip


def judge(rows: dict[str, list[Row]], publications: tuple[int, ...] = (1, 2, 3)) -> Difference:
    contributions: Table = {
        (row["dialogue"], 0): (0, 0, 0, row["people"], 0, "i", "t", "m", "2026-11") for row in rows["contributions"]
    }
    world = PublicWorld(rows["units"], rows["packets"], [], rows["published"], publications, 3, PARENT, {"i": "t"})
    return compare(world.wanted(contributions), world.found(contributions))


def test_a_sound_world_is_sound(rows: dict[str, list[Row]]) -> None:
    assert judge(rows) == Difference()


@pytest.mark.parametrize(
    "harm",
    [
        lambda rows: rows["published"][0].update(n=12),
        lambda rows: rows["published"][0].update(shown='"n":11,"mean":4.1'),
        lambda rows: rows["published"].pop(),
        lambda rows: rows["published"][0].update(area="elsewhere"),
        lambda rows: rows["packets"][0].update(dissolved=3),
        lambda rows: rows["units"].pop(0),
        lambda rows: rows["units"][0].update(indicator="j"),
        lambda rows: rows["units"].append(unit("never-said", 3, 1)),
        lambda rows: rows["units"].append(unit("waits-too", 1, None)),
        lambda rows: rows["packets"].append(packet(3, 9, 1, dissolved=3)),
        lambda rows: rows["contributions"].append({"dialogue": "without-unit", "people": 3}),
    ],
)
def test_control_one_thing_off_is_seen(
    rows: dict[str, list[Row]], harm: Callable[[dict[str, list[Row]]], object]
) -> None:
    harmed = deepcopy(rows)
    harm(harmed)
    assert judge(harmed)


def test_control_a_number_left_out_is_seen(rows: dict[str, list[Row]]) -> None:
    assert judge(rows, (1, 3)).lost == 1
