"""Areas and the crosswalk are corrected, changed from a day on and withdrawn; what reads them follows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date

import httpx2
import msgspec
import pytest

from services.monitor.app import create_app
from services.monitor.areas import register
from services.monitor.figure.periods import first_day, last_day
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

Headers = Callable[..., dict[str, str]]
Json = Mapping[str, object]
AREAS, CHANGES = "/monitor/v1/areas", "/monitor/v1/area-changes"
SINCE = "2016-01-01"
WORLD = [
    ("pv", "province", None, None),
    ("oost", "region", "pv", None),
    ("west", "region", "pv", None),
    ("a", "municipality", "oost", "2024-01-01"),
    ("b", "municipality", "oost", "2024-01-01"),
    ("c", "municipality", "oost", None),
    ("wijk", "neighbourhood", "c", None),
]
MERGER: Json = {"id": "samen", "on": "2024-01-01", "kind": "merger", "predecessors": ["a", "b"], "successors": ["c"]}
C: Json = {"name": "C", "parent": "oost", "validUntil": None, "version": 1, "reason": "decision"}


class Team:
    """The programme team, at the API."""

    def __init__(self, http: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self.http, self._headers = http, headers

    async def post(self, path: str, body: Json) -> httpx2.Response:
        return await self.http.post(path, json=body, headers=self._headers)

    async def get(self, path: str) -> dict[str, object]:
        found: dict[str, object] = (await self.http.get(path)).json()
        return found

    async def states(self, day: str) -> dict[str, tuple[str, str | None]]:
        found = (await self.http.get(f"{AREAS}?on={day}")).json()
        return {area["code"]: (area["name"], area["parent"]) for area in found}


@pytest.fixture
async def team(
    settings: MonitorSettings,
    bearer: Headers,
    monitor_connection: Connection,  # noqa: ARG001
) -> AsyncIterator[Team]:
    """With a province of two regions, and a merger."""
    async with served(create_app(settings)) as client:
        team = Team(client, bearer("programme"))
        for code, level, parent, until in WORLD:
            area = {"code": code, "name": code.upper(), "level": level, "parent": parent, "validFrom": SINCE}
            assert (await team.post(AREAS, {**area, "validUntil": until})).status_code == 201
        assert (await team.post(CHANGES, MERGER)).status_code == 201
        yield team


def refused(answer: httpx2.Response, status: int, code: str, pointer: str | None = None) -> None:
    said = answer.json()
    assert (answer.status_code, said["type"]) == (status, f"urn:veerkracht:problem:{code}"), said
    assert [error["pointer"] for error in said.get("errors", [])] == ([pointer] if pointer else [])


async def test_a_name_changes_from_a_day_on(team: Team) -> None:
    body = {**C, "name": "Grotestad", "from": "2020-05-01"}
    assert [(await team.post(f"{AREAS}/c/changes", body)).status_code for _ in range(2)] == [201, 200]
    assert (await team.states("2020-04-30"))["c"] == ("C", "oost")
    assert (await team.states("2020-05-01"))["c"] == ("Grotestad", "oost")
    assert (await team.get(f"{AREAS}/c"))["name"] == "Grotestad"
    assert "Grotestad" in (await team.http.get("/monitor/gebieden/c")).text
    later = {**body, "name": "Nog groter", "version": 2, "from": "2099-01-01"}
    refused(await team.post(f"{AREAS}/c/changes", later), 409, "date-in-future", "#/from")
    # What it was called before stays: a correction is of what it is called since.
    correction = {**C, "version": 2, "reason": "mistake", "name": "Grootstad", "validFrom": SINCE}
    assert (await team.post(f"{AREAS}/c/corrections", correction)).status_code == 201
    assert (await team.states("2020-04-30"))["c"] == ("C", "oost")
    assert (await team.states("2020-05-01"))["c"] == ("Grootstad", "oost")
    versions = (await team.http.get(f"{AREAS}/c/history")).json()["items"]
    assert [(one["version"], one["data"]["name"]) for one in versions] == [(1, "C"), (2, "Grotestad"), (3, "Grootstad")]


async def test_an_area_ends_and_is_no_longer_there(team: Team, monitor_connection: Connection) -> None:
    refused(
        await team.post(f"{AREAS}/c/changes", {**C, "validUntil": "2027-01-01", "from": "2027-01-01"}),
        409,
        "no-longer-fits",
    )
    wijk = {"name": "WIJK", "parent": "c", "validUntil": "2027-01-01", "from": "2027-01-01"}
    assert (await team.post(f"{AREAS}/wijk/changes", {**C, **wijk})).status_code == 201
    ended = {**C, "validUntil": "2027-01-01", "from": "2027-01-01"}
    assert (await team.post(f"{AREAS}/c/changes", ended)).status_code == 201
    assert "c" in await team.states("2026-12-31")
    assert not {"c", "wijk"} & (await team.states("2027-01-01")).keys()
    geography = await register.geography(monitor_connection)
    assert geography.municipalities_on(date(2026, 12, 31)) == {"c"}
    assert geography.municipalities_on(date(2027, 1, 1)) == frozenset()
    assert "Bestaat tot 1 januari 2027" in (await team.http.get("/monitor/gebieden/c")).text


async def test_an_area_comes_to_lie_in_another_on_a_new_years_day(team: Team) -> None:
    moved = {**C, "parent": "west", "from": "2027-01-01"}
    refused(await team.post(f"{AREAS}/c/changes", {**moved, "from": "2027-01-02"}), 400, "not-first-of-year", "#/from")
    refused(await team.post(f"{AREAS}/c/changes", {**moved, "parent": "pv"}), 400, "wrong-parent", "#/parent")
    assert (await team.post(f"{AREAS}/c/changes", moved)).status_code == 201
    assert (await team.states("2026-12-31"))["c"] == ("C", "oost")
    assert (await team.states("2027-01-01"))["c"] == ("C", "west")


async def test_what_names_an_area_keeps_it(team: Team, monitor_connection: Connection) -> None:
    withdrawal = {"version": 1, "reason": "mistake"}
    for code, by in (("pv", "OOST (oost)"), ("c", "WIJK (wijk)"), ("a", "herindeling samen")):
        answer = await team.post(f"{AREAS}/{code}/withdrawal", withdrawal)
        refused(answer, 409, "still-named")
        assert by in answer.text
    await monitor_connection.execute("INSERT INTO programme_area VALUES ('wijk', '2016-01-01', NULL, '1')")
    refused(await team.post(f"{AREAS}/wijk/withdrawal", withdrawal), 409, "still-named")
    await monitor_connection.execute("DELETE FROM programme_area")
    await monitor_connection.execute(
        "INSERT INTO contribution VALUES ('d', 0, 'i', 'verbinding', 'wijk', '2026-11', '{0,0,0,0,1}')"
    )
    refused(await team.post(f"{AREAS}/wijk/withdrawal", withdrawal), 409, "still-named")
    await monitor_connection.execute("DELETE FROM contribution")
    assert [(await team.post(f"{AREAS}/wijk/withdrawal", withdrawal)).status_code for _ in range(2)] == [201, 200]
    assert (await team.get(f"{AREAS}/wijk"))["withdrawn"] is True
    assert "wijk" not in await team.states("2026-11-24")
    again = {"code": "wijk", "name": "WIJK", "level": "neighbourhood", "parent": "c", "validFrom": SINCE}
    refused(await team.post(AREAS, {**again, "validUntil": None}), 409, "withdrawn", "#/code")
    page = await team.http.get("/monitor/gebieden/wijk")
    assert page.status_code == 200 and "ingetrokken" in page.text and "WIJK" in page.text
    assert (await team.http.get("/monitor/gebieden/Wijk")).status_code == 404


async def test_a_code_differs_from_every_other_in_more_than_case(team: Team) -> None:
    for code in ("C", "Wijk", "wIJK", "PV"):
        area = {"code": code, "name": "N", "level": "municipality", "parent": "oost", "validFrom": SINCE}
        refused(await team.post(AREAS, area), 409, "code-in-use", "#/code")


#: Something of an area `wijk` in or around May 2026, in each table that has something of an area.
THINGS = {
    "dialogue": "INSERT INTO dialogue (id, held_on, withdrawn, area) VALUES ('d', '2026-05-10', false, 'wijk')",
    "contribution": "INSERT INTO contribution VALUES ('d', 0, 'i', 'verbinding', 'wijk', '2026-05', '{0,0,0,0,1}')",
    "programme_area": "INSERT INTO programme_area VALUES ('wijk', '2026-05-10', NULL, '1')",
    "initiative_outcome": """INSERT INTO initiative (id, title, municipalities, regions, phase)
        VALUES ('slow', 'Slow', '{}', '{}', 0);
        INSERT INTO initiative_outcome (id, initiative, area, statement, counts, count, evidence, achieved_on,
            recorded_at) VALUES ('o', 'slow', 'wijk', 's', 'things', 1, 'e', '2026-05-10', now())""",
}


@pytest.mark.parametrize("thing", THINGS)
async def test_nothing_is_of_a_day_on_which_its_area_is_not_there(
    team: Team, monitor_connection: Connection, thing: str
) -> None:
    await monitor_connection.execute(THINGS[thing])
    wijk: Json = {"name": "WIJK", "parent": "c", "version": 1, "reason": "mistake"}
    ended = {**wijk, "from": "2026-04-01", "validUntil": "2026-04-01"}
    refused(await team.post(f"{AREAS}/wijk/changes", ended), 409, "figures-there", "#/validUntil")
    for since, until, pointer in ((SINCE, "2026-05-01", "#/validUntil"), ("2026-06-01", None, "#/validFrom")):
        correction = {**wijk, "validFrom": since, "validUntil": until}
        refused(await team.post(f"{AREAS}/wijk/corrections", correction), 409, "figures-there", pointer)
    around = {**wijk, "validFrom": "2026-05-01", "validUntil": "2026-06-01"}
    assert (await team.post(f"{AREAS}/wijk/corrections", around)).status_code == 201
    longer = {**wijk, "validFrom": SINCE, "validUntil": None, "version": 2}
    assert (await team.post(f"{AREAS}/wijk/corrections", longer)).status_code == 201


@pytest.mark.parametrize("period", ["2019", "2019-02", "2019-12", "2019-Q1", "2019-Q4", "2020", "2020-02", "2024-Q1"])
async def test_the_database_has_the_days_of_a_period(monitor_connection: Connection, period: str) -> None:
    row = await monitor_connection.fetchrow("SELECT first_day($1), last_day($1)", period)
    assert row is not None and tuple(row) == (first_day(period), last_day(period))


async def test_an_outcome_and_the_programme_are_of_days_on_which_the_area_is_there(
    team: Team, monitor_connection: Connection
) -> None:
    await monitor_connection.execute(
        "INSERT INTO initiative (id, title, municipalities, regions, phase) VALUES ('slow', 'Slow', '{}', '{}', 0)"
    )
    outcome: Json = {
        "id": "o", "initiative": "slow", "goal": None, "indicator": None, "area": "a", "lesson": None,
        "statement": "s", "counts": "things", "count": 1, "evidence": "e",
    }  # fmt: skip
    refused(await team.post("/monitor/v1/outcomes", {**outcome, "on": "2024-01-01"}), 400, "unknown-area", "#/area")
    assert (await team.post("/monitor/v1/outcomes", {**outcome, "on": "2023-12-31"})).status_code == 201
    listed: Json = {"area": "a", "paragraph": "1"}
    path = "/monitor/v1/impact/programme-areas"
    refused(await team.post(path, {**listed, "validFrom": "2024-01-01"}), 400, "unknown-area", "#/area")
    late = {**listed, "validFrom": "2023-01-01", "validUntil": "2024-01-02"}
    refused(await team.post(path, late), 400, "unknown-area", "#/validUntil")
    assert (await team.post(path, {**late, "validUntil": "2024-01-01"})).status_code == 201


async def test_figures_stay_where_they_were_added_up(team: Team, monitor_connection: Connection) -> None:
    await monitor_connection.execute(
        "INSERT INTO contribution VALUES ('d', 0, 'i', 'verbinding', 'wijk', '2026-11', '{0,0,0,0,1}')"
    )
    moved = {**C, "parent": "west", "from": "2026-01-01"}
    refused(await team.post(f"{AREAS}/c/changes", moved), 409, "figures-there", "#/parent")
    correction = {**C, "parent": "west", "validFrom": SINCE}
    refused(await team.post(f"{AREAS}/c/corrections", correction), 409, "figures-there", "#/parent")
    assert (await team.post(f"{AREAS}/c/changes", {**moved, "from": "2027-01-01"})).status_code == 201
    chains = await register.ancestry(monitor_connection, [("wijk", 2026), ("wijk", 2027)])
    assert [code for _, code in chains["wijk", 2026]] == ["wijk", "c", "oost", "pv"]
    assert [code for _, code in chains["wijk", 2027]] == ["wijk", "c", "west", "pv"]
    back = {**C, "version": 2, "validFrom": SINCE, "reason": "mistake"}
    assert (await team.post(f"{AREAS}/c/corrections", back)).status_code == 201, "nothing is counted since"


async def test_a_line_is_corrected_and_withdrawn(team: Team, monitor_connection: Connection) -> None:
    line = {key: value for key, value in MERGER.items() if key != "id"}
    only = {**line, "predecessors": ["a"], "version": 1, "reason": "source"}
    answers = [await team.post(f"{CHANGES}/samen/corrections", only) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert (await team.get(f"{CHANGES}/samen"))["predecessors"] == ["a"]
    [there] = await register.crosswalk(monitor_connection)
    assert there.predecessors == ("a",)
    wrong = {**only, "version": 2, "predecessors": ["c"]}
    refused(await team.post(f"{CHANGES}/samen/corrections", wrong), 400, "area-twice", "#/successors/0")
    stale = {**only, "predecessors": ["b"]}
    refused(await team.post(f"{CHANGES}/samen/corrections", stale), 409, "changed-meanwhile", "#/version")
    withdrawal = {"version": 2, "reason": "mistake"}
    assert [(await team.post(f"{CHANGES}/samen/withdrawal", withdrawal)).status_code for _ in range(2)] == [201, 200]
    assert await register.crosswalk(monitor_connection) == []
    refused(await team.post(CHANGES, MERGER), 409, "withdrawn", "#/id")
    assert (await team.post(CHANGES, {**MERGER, "id": "weer"})).status_code == 201
    versions = (await team.http.get(f"{CHANGES}/samen/history")).json()["items"]
    assert [one["type"].split(".")[3] for one in versions] == ["reorganised", "corrected", "withdrawn"]


async def test_what_became_of_an_area_holds_its_days(team: Team) -> None:
    a = {"name": "A", "parent": "oost", "validFrom": SINCE, "version": 1, "reason": "source"}
    for until in (None, "2024-01-02", "2023-12-31"):
        answer = await team.post(f"{AREAS}/a/corrections", {**a, "validUntil": until})
        refused(answer, 409, "no-longer-fits")
        assert "herindeling samen" in answer.text
    assert (await team.post(f"{AREAS}/a/corrections", {**a, "validUntil": "2024-01-01"})).status_code == 200
    assert (await team.post(f"{AREAS}/a/corrections", {**a, "name": "Aa", "validUntil": "2024-01-01"})).is_success


async def test_of_two_revisions_at_once_one_is_taken(team: Team) -> None:
    bodies = [{**C, "name": name, "from": "2020-01-01"} for name in ("Een", "Twee", "Drie")]
    answers = await asyncio.gather(*(team.post(f"{AREAS}/c/changes", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_every_reader_of_the_registers_sees_a_revision(team: Team) -> None:
    """Also where what was read is kept."""
    page = f"{AREAS.removesuffix('/v1/areas')}/gebieden/c"
    assert "C" in (await team.http.get(page)).text
    correction = {**C, "name": "Andersom", "validFrom": SINCE}
    assert (await team.post(f"{AREAS}/c/corrections", correction)).status_code == 201
    assert "Andersom" in (await team.http.get(page)).text


async def test_what_is_not_there_is_not_revised_and_the_role_is_needed(team: Team, bearer: Headers) -> None:
    bodies = {"corrections": {**C, "validFrom": SINCE}, "changes": {**C, "from": SINCE}, "withdrawal": C}
    for form, body in bodies.items():
        said = {key: body[key] for key in ("version", "reason")} if form == "withdrawal" else body
        refused(await team.post(f"{AREAS}/nergens/{form}", said), 404, "unknown-area")
        assert (await team.http.post(f"{AREAS}/c/{form}", json=said)).status_code == 401
        assert (await team.http.post(f"{AREAS}/c/{form}", json=said, headers=bearer("partner"))).status_code == 403
    for path in (f"{AREAS}/nergens", f"{AREAS}/nergens/history", f"{CHANGES}/nergens", f"{CHANGES}/nergens/history"):
        assert (await team.http.get(path)).status_code == 404


async def test_each_revision_is_told_with_all_that_is_known(team: Team, monitor_connection: Connection) -> None:
    await team.post(f"{AREAS}/c/changes", {**C, "name": "Grotestad", "from": "2020-05-01"})
    row = await monitor_connection.fetchrow("SELECT type, data FROM outbox ORDER BY position DESC LIMIT 1")
    assert row is not None and row["type"] == "nl.veerkracht.area.changed.v1"
    said = msgspec.json.decode(row["data"], type=dict[str, object])
    assert said.pop("replaces")
    assert said == {
        "version": 2,
        "reason": "decision",
        "from": "2020-05-01",
        "code": "c",
        "name": "Grotestad",
        "level": "municipality",
        "parent": "oost",
        "validFrom": SINCE,
        "validUntil": None,
    }
