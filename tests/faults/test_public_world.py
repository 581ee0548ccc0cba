"""What the faults hold the public figures against: it finds a sound world sound, and sees one number that is off."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from ..public_form import Exact, Public, public_form
from ..public_world import PublicWorld
from ..recomputation import Difference, Table, compare

Row = dict[str, Any]
_SHOWN = '"n":11,"mean":4.0,"bound":null,"distribution":null'
_BOUND = '"n":12,"mean":4.8,"bound":"higher-than","distribution":null'
PARENT = {"p": None, "r": "p", "m": "r"}


def answered(people: int, score: int) -> Row:
    """What a group answered, exactly."""
    return {"respondents": people, "n": people, "total": people * score * 10**6, "numerator": 0, "denominator": 0,
            "histogram": [people if each == score else 0 for each in range(1, 6)]}  # fmt: skip


def told(people: int, mean: int = 4) -> Row:
    """What is public of a small one."""
    return {"respondents": people, "n": people, "total": people * mean * 10**6, "low_n": 0, "high_n": 0,
            "numerator": 0, "denominator": 0, "detailed_n": 0, "histogram": []}  # fmt: skip


def unit(ref: str, people: int, packet: int | None, score: int = 4) -> Row:
    return {"ref": f"dialogue/{ref}", "number": 0, "indicator": "i", "source": "dialogue", "area": "m",
            "period": "2026-11", "packet": packet, **answered(people, score)}  # fmt: skip


def packet(id_: int, people: int, units: int, dissolved: int | None = None) -> Row:
    return {"id": id_, "published": id_, "dissolved": dissolved, "indicator": "i", "source": "dialogue", "area": "m",
            "period": "2026-11", "units": units, **told(people)}  # fmt: skip


def line(number: int, people: int, score: int) -> Row:
    """An observation of few, all of whom answered alike, near the upper end: what is public of it is a bound."""
    public = {"public_total": people * 4_800_000, "low_n": 0, "high_n": people, "detailed_n": 0,
              "public_histogram": []}  # fmt: skip
    return {"import": "f", "line": number, "indicator": "i", "source": "survey", "area": "m", "period": "2025",
            "published": 1, "dissolved": None, "coarse": False, **answered(people, score), **public}  # fmt: skip


@pytest.fixture
def rows() -> dict[str, list[Row]]:
    """A packet of two dialogues, one that was dissolved, a dialogue that waits."""
    return {
        "units": [unit("a", 6, 1), unit("b", 5, 1), unit("gone", 0, 2), unit("left", 5, 2), unit("waits", 9, None)],
        "packets": [packet(1, 11, 2), packet(2, 11, 2, dissolved=3)],
        "published": [
            {"kind": kind, "code": code, "source": "dialogue", "area": area, "period": period, "version": 1,
             "publication": 1, "shown": _SHOWN, **told(11)}
            for kind, code in (("indicator", "i"), ("theme", "t"))
            for area in PARENT
            for period in ("2026-11", "2026-Q4", "2026")
        ]
        + [
            {"kind": "indicator", "code": "i", "source": "survey", "area": area, "period": "2025", "version": 1,
             "publication": 1, "shown": _BOUND, **told(12), "total": 12 * 4_800_000, "high_n": 12}
            for area in PARENT
        ],
        "observations": [line(1, 12, 5)],
        "contributions": [{"dialogue": d, "people": n} for d, n in (("a", 6), ("b", 5), ("left", 5), ("waits", 9))],
    }  # fmt: skip


def judge(rows: dict[str, list[Row]], publications: tuple[int, ...] = (1, 2, 3)) -> Difference:
    contributions: Table = {
        (row["dialogue"], 0): (0, 0, 0, row["people"], 0, "i", "t", "m", "2026-11") for row in rows["contributions"]
    }
    four = rows["units"], rows["packets"], rows["observations"], rows["published"]
    quantity = dict.fromkeys("ij", ("mean", "score-1-5"))
    world = PublicWorld(*four, publications, 3, PARENT, {"i": "t"}, quantity)
    return compare(world.wanted(contributions), world.found(contributions))


def test_a_sound_world_is_sound(rows: dict[str, list[Row]]) -> None:
    assert judge(rows) == Difference()


@pytest.mark.parametrize(
    "harm",
    [
        lambda rows: rows["published"][0].update(n=12),
        lambda rows: rows["published"][0].update(shown=_SHOWN.replace("4.0", "4.1")),
        lambda rows: rows["published"][0].update(shown=_SHOWN.replace('"distribution":null', '"distribution":[0,11]')),
        lambda rows: rows["published"][-1].update(shown=_BOUND.replace('"higher-than"', "null")),
        lambda rows: rows["packets"][0].update(total=44_000_001),
        lambda rows: rows["packets"][0].update(histogram=[0, 0, 0, 11, 0], detailed_n=11),
        lambda rows: rows["observations"][0].update(public_total=60_000_000, high_n=0),
        lambda rows: rows["observations"][0].update(public_histogram=[0, 0, 0, 0, 12], detailed_n=12),
        lambda rows: rows["observations"].append(line(2, 9, 5) | {"dissolved": 2}),
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


def group(*classes: int) -> Exact:
    """People who scored 1, 2 and so on."""
    n = sum(classes)
    return Exact(n, n, sum(score * people for score, people in enumerate(classes, 1)) * 10**6, 0, 0, classes)


@pytest.mark.parametrize(
    ("classes", "n", "mean", "low", "high"),
    [
        ((1, 0, 0, 0, 9), 10, 4_600_000, 0, 0),
        ((0, 0, 0, 0, 10), 10, 4_800_000, 0, 10),
        ((0, 0, 0, 3, 17), 20, 4_800_000, 0, 20),
        ((0, 0, 0, 4, 16), 20, 4_800_000, 0, 0),
        ((17, 3, 0, 0, 0), 20, 1_200_000, 0, 0),
        ((18, 2, 0, 0, 0), 20, 1_200_000, 20, 0),
        ((4, 0, 9, 0, 0), 13, 2_400_000, 0, 0),
        ((10, 0, 10, 0, 81), 101, 4_406_000, 0, 0),
    ],
)
def test_a_mean_of_few_is_rounded_and_near_an_end_a_bound(
    classes: tuple[int, ...], n: int, mean: int, low: int, high: int
) -> None:
    detailed = (n, classes) if n >= 100 else (0, ())
    assert public_form(group(*classes), "mean", "score-1-5") == Public(n, n, n * mean, low, high, 0, 0, *detailed)


def test_what_is_of_a_few_is_not_public() -> None:
    assert public_form(group(0, 0, 9, 0, 0), "mean", "score-1-5") is None
    assert public_form(group(0, 0, 99, 0, 0), "mean", "euro") is None
    of_a_few = public_form(group(5, 0, 0, 0, 95), "mean", "score-1-5")
    assert of_a_few == Public(100, 100, 480_000_000)
    assert public_form(group(1, 0, 0, 0, 99), "mean", "score-1-5") == Public(100, 100, 480_000_000, high_n=100)
    coarse = public_form(group(0, 0, 100, 0, 0), "mean", "score-1-5", detail=False)
    assert coarse == Public(100, 100, 300_000_000)
    whole = {part: Exact(50, 0, 0, part, 50, ()) for part in (9, 10, 40, 41)}
    assert [bool(public_form(each, "ratio", "percentage")) for each in whole.values()] == [False, True, True, False]
    assert public_form(Exact(50, 0, 0, 9, 0, ()), "count", "aantal") is None
    assert public_form(Exact(50, 0, 0, 50, 0, ()), "count", "aantal") == Public(50, numerator=50)


def test_a_sum_shows_a_bound_only_when_all_of_it_is_one() -> None:
    lower, exact = Public(10, 10, 12_000_000, 10), Public(10, 10, 30_000_000)
    assert (lower + lower).shown((1, 5)) == (20, 1.2, "lower-than", None)
    assert (lower + exact).shown((1, 5)) == (20, 2.1, None, None)
    assert sum([exact] * 10, Public()).shown((1, 5)) == (100, 3.0, None, None)
