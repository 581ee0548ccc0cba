"""The programme's data says what the document says."""

import pytest

from deploy.programme import load
from deploy.programme.__main__ import by_role

DATA = load.read()


def test_the_files_agree_with_each_other_and_with_the_documents_totals() -> None:
    assert load.problems(DATA) == []


def test_the_checks_can_fail() -> None:
    """Negative control: a cent too much and an unknown parent are seen."""
    lines = [
        {**line, "amounts": [{**a, "amountCents": a["amountCents"] + 1} for a in line["amounts"]]}
        for line in DATA["budget-lines"]
    ]
    assert load.problems({**DATA, "budget-lines": lines})
    areas = [{**area, "parent": "atlantis"} if area["level"] == "municipality" else area for area in DATA["areas"]]
    assert load.problems({**DATA, "areas": areas})


def test_there_are_eleven_initiatives_with_all_that_the_document_gives_them() -> None:
    initiatives = DATA["initiatives"]
    assert [i["number"] for i in initiatives] == [f"1.1.{n}" for n in range(1, 12)]
    for initiative in initiatives:
        for field in ("challenge", "learningQuestion", "partners", "themes", "lines", "roles"):
            assert initiative[field], (initiative["id"], field)


@pytest.mark.parametrize(("day", "number"), sorted(load.MUNICIPALITIES.items()))
def test_the_municipalities_of_a_day(day: str, number: int) -> None:
    assert len(load.codes(DATA["areas"], "municipality", day)) == number


def test_the_crosswalk_ends_and_begins_municipalities_on_its_day() -> None:
    by_code = {area["code"]: area for area in DATA["areas"]}
    assert {change["id"]: len(change["predecessors"]) for change in DATA["area-changes"]}
    for change in DATA["area-changes"]:
        assert {by_code[code]["validUntil"] for code in change["predecessors"]} == {change["on"]}
        if change["kind"] == "merger":
            assert [by_code[code]["validFrom"] for code in change["successors"]] == [change["on"]]


def test_the_shares_give_the_differences_of_the_footnote() -> None:
    for party, stated, difference in (("zet", 2_099_021_00, 33_979_00), ("zorgbelang", 1_120_372_00, -54_372_00)):
        computed = sum(share["amountCents"] for share in DATA["capacity-shares"] if share["party"] == party)
        assert computed - stated == difference
        assert [f for f in DATA["findings"] if (f["statedCents"], f["computedCents"]) == (stated, computed)]


def test_there_is_one_finding_per_mismatch() -> None:
    assert len(DATA["findings"]) == 9


def test_the_eight_network_organisations_are_there() -> None:
    names = {organisation["name"] for organisation in DATA["organisations"]}
    assert any("(PG-raad)" in name for name in names)
    assert {"VBOB", "VKK", "BRIZ", "BUS", "’t Heft", "PVR", "Ypsilon-Trialoog"} <= {n.replace("'", "’") for n in names}


def test_the_goals_are_those_of_the_document_with_no_number_that_is_not_there() -> None:
    goals = {goal["id"]: goal for goal in DATA["goals"]}
    assert all(goal["paragraph"] and goal["ambition"] for goal in goals.values())
    targets = {id: goal["targetMillionths"] // 10**6 for id, goal in goals.items() if goal["targetMillionths"]}
    assert {id: targets[id] for id in ("wo-studenten", "hbo-studenten", "mbo-studenten", "promotietrajecten")} == {
        "wo-studenten": 250,
        "hbo-studenten": 50,
        "mbo-studenten": 50,
        "promotietrajecten": 2,
    }
    assert goals["tientallen-verder-gebracht"]["targetMillionths"] is None, "'tientallen' is no number"
    assert goals["dementievriendelijk-2020"]["baselineMillionths"] == 30 * 10**6


def test_the_programme_works_in_eight_towns_and_one_region() -> None:
    names = {area["code"]: area["name"] for area in DATA["areas"]}
    assert {names[place["area"]] for place in DATA["programme-areas"]} == {
        "Oss", "Waalwijk", "Meierijstad", "Bergen op Zoom", "Oosterhout", "Helmond", "Uden", "Roosendaal",
        "West-Brabant",
    }  # fmt: skip


def test_a_goal_of_an_unknown_indicator_or_initiative_is_seen() -> None:
    """Negative control."""
    for field, value in (("measure", {"indicator": "x", "area": None}), ("initiative", "x"), ("paragraph", "")):
        goals = [{**DATA["goals"][0], field: value}, *DATA["goals"][1:]]
        assert load.problems({**DATA, "goals": goals})


def test_one_token_may_have_every_role() -> None:
    assert by_role("ey.one.token\n") == dict.fromkeys(("programme", "community", "finance"), "ey.one.token")
    assert by_role('{"programme": "a", "editor": "b"}') == {"programme": "a", "editor": "b"}
