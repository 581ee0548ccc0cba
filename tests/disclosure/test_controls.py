"""With any one protection switched off, its attack succeeds; with all of them on, none does."""

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping
from uuid import NAMESPACE_URL, uuid5

import pytest

from .attacks import ATTACKS
from .controls import (
    ACTION,
    FILE,
    IMPORT,
    LINES,
    OTHER,
    ROW,
    WHOLE,
    Put,
    World,
    digest,
    event,
    lines,
    mean,
    page,
    part,
    series,
    unexplained,
    why,
)
from .interfaces import Found, NoProvider, bindings, operations, variations

#: Each protection: the attack that comes through without it, and the world without it.
PROTECTIONS: Mapping[str, tuple[str, Callable[[], World]]] = {
    "means of few are rounded": ("exact means", lambda: lines(Put(3, 8, "interesse", "GM3", mean(50, "3.217")))),
    "a ratio has enough in its numerator": ("few people", lambda: lines(Put(3, 8, "meedoen", "GM3", part(1, 40)))),
    "a ratio leaves enough": ("few people", lambda: lines(Put(3, 8, "meedoen", "GM3", part(38, 40)))),
    "a count is of enough": ("few people", lambda: lines(Put(3, 8, "meldingen", "GM3", part(3, 1000)))),
    "a count leaves enough": ("few people", lambda: lines(Put(3, 8, "meldingen", "GM3", part(995, 1000)))),
    "a count without a whole is of enough": (
        "few people", lambda: lines(Put(3, 8, "meldingen", "GM3", {"respondents": 4, "numerator": 4})),
    ),
    "a figure is of enough": ("few people", lambda: lines(Put(3, 8, "interesse", "GM3", mean(9, "3")))),
    "a page has figures of enough": (
        "few people", lambda: World(pages={"/monitor/kaart": page(why("GM3", "3,0", "2,1 – 3,9", "7"))}),
    ),
    "a class is of enough": (
        "few people",
        lambda: lines(Put(3, 8, "klassen", "GM3", {"respondents": 120, "n": 120, "histogram": (3, 17, 40, 40, 20)})),
    ),
    "no classes of fewer than a hundred": (
        "solutions",
        lambda: lines(Put(3, 8, "klassen", "GM3", {"respondents": 60, "n": 60, "histogram": (12, 12, 12, 12, 12)})),
    ),
    "no squares": (
        "solutions",
        lambda: World(files={"/monitor/v1/editions/eerste.csv":
                             "kind,code,source,area,period,n,mean,total_squares,spread_n\n"
                             "indicator,schaal,survey,GM3,2024,10,4.6,226000000000000,10\n"}),
    ),
    "no deviation": ("solutions", lambda: World(figure={"interesse": {"standardDeviation": 1.2}})),
    "a margin from the deviation of the indicator": (
        "solutions", lambda: World(figure={"interesse": {"confidenceInterval": {"low": 3.0, "high": 3.1}}}),
    ),
    "nearly alike is only lower than": ("solutions", lambda: lines(Put(3, 8, "interesse", "GM3", mean(10, "1.1")))),
    "a hundred that answered alike have a bound too": (
        "alike", lambda: lines(Put(3, 8, "interesse", "GM3", mean(100, "1.01"))),
    ),
    "those that a correction adds have not answered alike": (
        "alike", lambda: lines(Put(3, 8, "interesse", "GM3", mean(10, "1.4")),
                               Put(4, 8, "interesse", "GM3", mean(10, "1.4"), sign=-1, imported=OTHER),
                               Put(4, 9, "interesse", "GM3", mean(20, "1.2"), imported=OTHER)),
    ),
    "no mean of few without a scale": ("solutions", lambda: lines(Put(3, 8, "uren", "GM3", mean(40, "12.5")))),
    "a correction differs by enough": (
        "versions", lambda: lines(Put(4, 1, "interesse", "GM1", mean(50, "3.4"), sign=-1, imported=OTHER),
                                  Put(4, 8, "interesse", "GM1", mean(53, "3.4"))),
    ),
    "a correction is held against every version": (
        "versions", lambda: lines(Put(4, 1, "interesse", "GM1", mean(50, "3.4"), sign=-1, imported=OTHER),
                                  Put(4, 8, "interesse", "GM1", mean(63, "3.4")),
                                  Put(5, 8, "interesse", "GM1", mean(63, "3.4"), sign=-1),
                                  Put(5, 9, "interesse", "GM1", mean(53, "3.4"))),
    ),
    "what a correction adds to a ratio is enough": (
        "versions", lambda: lines(Put(4, 2, "meedoen", "GM1", part(40, 90), sign=-1, imported=OTHER),
                                  Put(4, 8, "meedoen", "GM1", part(42, 110))),
    ),
    "what a correction adds to a class is enough": (
        "versions", lambda: lines(Put(4, 6, "klassen", "GM1", LINES[5].sums, sign=-1), Put(4, 8, "klassen", "GM1", {
            "respondents": 260, "n": 260, "histogram": (25, 45, 80, 50, 60)})),
    ),
    "detail differs by a hundred": (
        "versions", lambda: lines(Put(4, 3, "interesse", "GM4", {**mean(150, "3.217")}, sign=-1),
                                  Put(4, 8, "interesse", "GM4", mean(170, "3.305"))),
    ),
    "a method is no identity": ("versions", lambda: lines(Put(4, 8, "interesse", "GM1", mean(70, "3.3")))),
    "a file has one row about the same": (
        "versions", lambda: World(files={"/monitor/v1/observations.csv": "indicator;gebied;periode;bron;waarde;n\n"
                                         "interesse;GM1;2024;enquete;3,4;50\ninteresse;GM1;2024;enquete;3,4;50\n"}),
    ),
    "a figure moves by lines that are public": ("differences", unexplained),
    "nothing is in a whole that may not be public": (
        "residuals", lambda: World(documents=series("R", n=217)),
    ),
    "no digest of a file": ("digests", lambda: event(sha256=digest("sha256"))),
    "no digest in base64": ("digests", lambda: event(tag=base64.b64encode(bytes.fromhex(digest("md5"))).decode())),
    "no part of a digest": ("digests", lambda: event(version=digest("sha512")[:16])),
    "no checksum": ("digests", lambda: event(check=zlib.crc32(WHOLE))),
    "no digest of a row": ("digests", lambda: event(tags=[hashlib.sha256(ROW.strip()).hexdigest()])),
    "no id made of a row": ("digests", lambda: event(ref=str(uuid5(NAMESPACE_URL, ROW.strip().decode())))),
    "no number of rows": ("counts of rows", lambda: event(rows=8)),
    "no number of rows that were refused": (
        "counts of rows", lambda: event(finding=f"{IMPORT}-rejected", explanation="Van 9 regels zijn er 2 geweigerd."),
    ),
    "no number of rows on a page": (
        "counts of rows",
        lambda: World(pages={"/monitor/waarnemingen": page(f"<td>8</td><td><code>{IMPORT}</code></td>")}),
    ),
    "no size of a file": (
        "counts of rows", lambda: World(documents={"/imports": {"about": IMPORT, "size": FILE.size}}),
    ),
    "lines are numbered as they are public": ("gaps", lambda: lines(Put(3, 9, "interesse", "GM3", mean(50, "3.3")))),
    "no gap in publications": ("gaps", lambda: lines(Put(5, 8, "interesse", "GM3", mean(50, "3.3")))),
    "no gap in events": (
        "gaps", lambda: World(documents={"/feeds/v1/events": {
            "items": [{"specversion": "1.0", "source": "monitor", "sequence": "5", "data": {}}]}}),
    ),
    "nothing of who waits": ("silent figures", lambda: World(documents=series("GM3", n=60, mean=3.0))),
    "no goal is measured by who waits": (
        "silent figures", lambda: World(documents={"/goals/doel": {"measured": {"value": 3.0}, "measuredBy": {
            "indicator": "interesse", "source": "survey", "area": "GM3", "period": "2024"}}}),
    ),
    "dialogues have a threshold of their own": ("small dialogues", lambda: World(dialogue={"participants": 6})),
    "no actions of a small dialogue": ("small dialogues", lambda: World(dialogue={"actions": ["Soep koken"]})),
    "no number of actions of a small dialogue": ("small dialogues", lambda: World(dialogue={"actionCount": 2})),
    "no participants of a small dialogue in a sentence": (
        "small dialogues", lambda: World(documents={"/x": {"about": "dialogue/drie", "text": "met 3 deelnemers"}}),
    ),
    "no participants of a small dialogue on its page": (
        "small dialogues", lambda: World(pages={"/dialogen/drie": "<dt>Deelnemers</dt><dd>3</dd>"}),
    ),
    "no words of a small dialogue": ("planted values", lambda: World(pages={"/dialogen/drie": f"<p>{ACTION}</p>"})),
    "no answers of a group": ("planted values", lambda: World(documents={"/x": {"scores": [1, 0, 0, 0, 9]}})),
    "no answers on a page": ("planted values", lambda: World(pages={"/x": "<p>1 · 0 · 0 · 0 · 9</p>"})),
    "no sum of a group": ("planted values", lambda: World(documents={"/x": {"sum": 160850000}})),
    "no exact mean on a page": (
        "planted values", lambda: World(pages={"/monitor/waarom?indicator=interesse&gebied=GM1": "<p>3,217</p>"}),
    ),
    "no exact mean in an answer": ("planted values", lambda: World(documents=series("GM1", n=50, mean=3.217))),
    "two answers agree": ("agreement", lambda: World(documents=series("GM1", n=50, mean=3.6))),
    "a page agrees": (
        "agreement", lambda: World(pages={"/monitor/kaart": page(why("GM1", "3,6", "3,1 – 4,1", "50"))}),
    ),
    "lines add up to what is shown": ("agreement", lambda: World(figure={"interesse": {"n": 212}})),
    "municipalities that became one add up": (
        "agreement", lambda: World(documents={"/map?indeling=2025": {
            "indicator": "interesse", "source": "survey", "period": "2024", "indeling": 2025, "areas": [
                {"area": "GM9", "parts": ["GM1", "GM2"], "figure": {"n": 60, "mean": 3.3}}]}}),
    ),
    "sides of a comparison add up": (
        "agreement", lambda: World(documents={"/comparison": {
            "indicator": "interesse", "source": "survey", "before": None, "now": {"period": "2024", "inside": {
                "value": {"value": 3.3}, "n": 60, "areas": [{"code": "GM1"}, {"code": "GM2"}]},
                "outside": {"value": {"value": None}, "n": 0, "areas": []}}}}),
    ),
    "a goal is measured by what is shown": (
        "agreement", lambda: World(documents={"/goals/doel": {"measured": {"value": 3.412}, "measuredIn": "2024",
            "measuredBy": {"indicator": "interesse", "source": "survey", "area": "GM1", "period": None}}}),
    ),
    "no answer confirms": ("confirmation", lambda: World(confirms=True)),
    "operators count by themselves": (
        "operations", lambda: World(pages={"/monitor/metrics": "# HELP units_waiting Waiting\nunits_waiting 3\n"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_learnt_where_everything_is_protected(name: str) -> None:
    assert list(ATTACKS[name](World().evidence())) == []


@pytest.mark.parametrize("protection", PROTECTIONS)
def test_without_a_protection_its_attack_succeeds(protection: str) -> None:
    attack, without = PROTECTIONS[protection]
    assert list(ATTACKS[attack](without().evidence()))


def test_every_attack_has_a_control() -> None:
    assert {attack for attack, _ in PROTECTIONS.values()} == set(ATTACKS)


def test_a_route_that_asks_for_what_nobody_knows_is_not_passed_over() -> None:
    parameters = [{"name": "huisnummer", "in": "query", "required": True, "schema": {"type": "string"}}]
    [route] = operations({"paths": {"/monitor/v1/huizen": {"get": {"parameters": parameters}}}})
    with pytest.raises(NoProvider, match="huisnummer"):
        bindings(route, Found())
    [optional] = operations({"paths": {"/x": {"get": {"parameters": [{**parameters[0], "required": False}]}}}})
    with pytest.raises(NoProvider, match="huisnummer"):
        list(variations(optional, Found(), {}, 1))
