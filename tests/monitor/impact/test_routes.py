"""Impact monitoring over HTTP on a real Postgres: what the document says, honest unknowns, refusals in Dutch."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.impact.goals import judging
from services.monitor.impact.outcomes.projection import PROJECTION
from services.monitor.quality.handlers import publish_finding
from services.monitor.settings import MonitorSettings
from shared.contracts.finance import LINES
from shared.contracts.initiatives import TOPIC
from shared.contracts.monitor import QualityFindingPublished
from shared.contracts.vocabulary import QualityFindingKind
from shared.database import Connection
from shared.projections.watermarks import Partition
from tests.conftest import served
from tests.records import NOW, apply_run, cloud_event, run

from .goals.test_handlers import at
from .samples import disbursement, lesson, publish, registered

DATA = Path(__file__).parents[3] / "deploy" / "programme" / "data"
SEEDS = ("programme-areas", "goals", "instruments", "instrument-evidence")
ASSESSMENT = {
    "id": "a1",
    "level": "programme",
    "question": "effective",
    "statement": "De verbondenheid steeg.",
    "verdict": "yes",
    "by": "externe-evaluatie",
    "on": "2019-12-01",
    "evidence": [{"kind": "autonomous-trend", "ref": "verbondenheid", "period": "2019"}],
}


def read(name: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return records


@pytest.fixture
async def client(
    settings: MonitorSettings, monitor_connection: Connection, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the programme, on the document's areas, indicators, goals, instruments and initiatives of those."""
    areas = sorted(read("areas"), key=lambda area: ("province", "region", "municipality").index(area["level"]))
    for area in areas:
        begins, ends = (date.fromisoformat(area[key]) if area[key] else None for key in ("validFrom", "validUntil"))
        await monitor_connection.execute(
            "INSERT INTO area VALUES ($1, $2, $3, $4, $5, $6)",
            area["code"], area["name"], area["level"], area["parent"], begins, ends,
        )  # fmt: skip
    await monitor_connection.executemany(
        "INSERT INTO area_change VALUES ($1, $2, $3, $4, $5)",
        [
            (c["id"], date.fromisoformat(c["on"]), c["kind"], c["predecessors"], c["successors"])
            for c in read("area-changes")
        ],
    )
    await monitor_connection.executemany(
        "INSERT INTO indicator VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [tuple(i[k] for k in ("code", "nameNl", "nameEn", "theme", "resourceFamily", "unit", "direction", "measure"))
         for i in read("indicators")],
    )  # fmt: skip
    others = [registered(id_) for id_ in ("dementievriendelijke-gemeenten", "dorpsmolen", "verspild-talent")]
    life = [registered("slowcare", "GM0828"), registered("lokaal-plus", "GM0772"), lesson("slowcare", "l1"), *others]
    for topic, events in ((TOPIC, life), (LINES, [disbursement("d1", 125_00)])):
        await apply_run(monitor_connection, PROJECTION, Partition(topic, 0), run(*map(cloud_event, events)), NOW)
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("programme"))
        for name in SEEDS:
            for record in read(name):
                answer = await client.post(f"/monitor/v1/impact/{name}", json=record)
                assert answer.status_code == 201, answer.text
        await judging.judge_marked(monitor_connection, datetime.now(UTC))
        yield client


async def get(client: httpx2.AsyncClient, path: str, **params: str) -> Any:
    """The answer to a read by anyone."""
    response = await client.get(f"/monitor/v1/{path}", params=params, headers={"Authorization": ""})
    assert response.status_code == 200, response.text
    return response.json()


async def refused(client: httpx2.AsyncClient, path: str, body: object, status: int = 400) -> dict[str, Any]:
    """The problem that a command gets."""
    response = await client.post(f"/monitor/v1/{path}", json=body)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = response.json()
    return problem


async def test_the_documents_goals_and_instruments_are_there_once(
    client: httpx2.AsyncClient, monitor_connection: Connection
) -> None:
    before = await monitor_connection.fetchval("SELECT count(*) FROM outbox")
    for name in SEEDS:
        for record in read(name):
            assert (await client.post(f"/monitor/v1/impact/{name}", json=record)).status_code == 200, record
    assert await monitor_connection.fetchval("SELECT count(*) FROM outbox") == before
    goals = {goal["id"]: goal for goal in await get(client, "impact/goals")}
    assert goals["wo-studenten"]["target"] == {"value": 250.0, "bound": None, "unknown": None}
    assert goals["wo-studenten"]["reason"] == "er is nog niets met bewijs vastgelegd"
    assert goals["toename-verbondenheid"]["reason"] == "geen gepubliceerd cijfer"
    assert goals["tientallen-verder-gebracht"]["reason"].startswith("streefwaarde ontbreekt")
    assert goals["elf-initiatieven-2017"]["verdict"] == "missed"
    assert (await get(client, "impact/goals", on="2017-12-31"))[0]["verdict"] == "unknown"
    dementia = goals["dementievriendelijk-2020"]
    assert (dementia["baseline"]["value"], dementia["target"]["value"]) == (30.0, 62.0), "of the day it is due"
    (one,) = (await get(client, "impact/goals/elf-initiatieven-2017"))["history"]
    assert (one["previous"], one["verdict"], one["measured"]) == ("unknown", "missed", 5.0)
    changed = {**read("goals")[0], "title": "Anders"}
    assert (await refused(client, "impact/goals", changed, 409))["type"] == "urn:veerkracht:problem:id-in-use"


async def test_the_matrix_has_six_cells_and_says_why_what_is_unknown(client: httpx2.AsyncClient) -> None:
    matrix = await get(client, "impact/matrix")
    cells = {(cell["level"], cell["question"]): cell for cell in matrix["cells"]}
    assert len(cells) == len(matrix["cells"]) == 6
    for cell in cells.values():
        for answer in cell["answers"]:
            assert (answer["verdict"] == "unknown") == bool(answer["reason"]), answer
        assert cell["unknown"] or any(answer["verdict"] != "unknown" for answer in cell["answers"])
    assert "niet van toepassing" in cells["autonomous-development", "efficient"]["unknown"]
    assert cells["programme", "efficient"]["unknown"] is None
    costs = [a["statement"] for a in cells["initiative", "efficient"]["answers"] if a["verdict"] == "fact"]
    assert costs == ["Initiatief slowcare: uitbetaald per uitkomst: €\u00a0125"]
    figures = [a for a in cells["programme", "effective"]["answers"] if a["ref"] == "toename-verbondenheid"]
    assert "autonome ontwikkeling" in figures[0]["warning"]


async def test_towns_stand_beside_each_other_with_the_warning_and_the_autonomous_trend(
    client: httpx2.AsyncClient, monitor_connection: Connection
) -> None:
    for area, period, mean in (("GM0828", "2016", 3.0), ("GM0828", "2019", 3.5), ("GM0772", "2019", 5.0),
                               ("GM0796", "2016", 3.2), ("GM0796", "2019", 3.4)):  # fmt: skip
        await publish(monitor_connection, area, period, mean, 100)
    answer = await get(client, "impact/comparison", indicator="verbondenheid", period="2019", since="2016")
    assert answer["warning"].startswith("Dit verschil is geen bewijs dat het programma werkt: ")
    assert answer["now"]["inside"]["value"]["value"] == 3.5
    assert answer["now"]["outside"]["value"]["value"] == 3.4
    assert answer["now"]["difference"]["value"] == 0.1
    assert (answer["autonomousTrend"]["value"], answer["changeInside"]["value"]) == (0.2, 0.5)
    assert {"code": "GM0772", "name": "Eindhoven",
            "reason": "niet in het programma, maar er loopt wel een initiatief"} in answer["leftOut"]  # fmt: skip
    nothing = await get(client, "impact/comparison", indicator="verbondenheid", period="2021")
    assert nothing["warning"] == answer["warning"]
    assert nothing["now"]["difference"]["unknown"] == "geen gepubliceerd cijfer"
    cells = (await get(client, "impact/matrix"))["cells"]
    trend = next(a for a in cells[0]["answers"] if a["ref"] == "verbondenheid")
    assert trend["statement"] == "Verbondenheid buiten het programma ging van 3,2 (2016) naar 3,4 (2019)"
    reached = next(a for cell in cells for a in cell["answers"] if a["ref"] == "toename-verbondenheid")
    assert reached["verdict"] == "reached"
    assert "zegt niet dat dit door het programma komt" in reached["warning"]


async def test_an_assessment_may_not_credit_the_autonomous_trend_and_its_history_is_kept(
    client: httpx2.AsyncClient,
) -> None:
    problem = await refused(client, "assessments", ASSESSMENT)
    assert problem["type"] == "urn:veerkracht:problem:autonomous-trend-credited"
    assert problem["errors"][0]["pointer"] == "#/evidence"
    own = {"kind": "lesson", "ref": "l1"}
    right = {**ASSESSMENT, "verdict": "partly", "evidence": [*ASSESSMENT["evidence"], own]}
    for body, status in ((right, 201), (right, 200), ({**right, "verdict": "no"}, 409)):
        assert (await client.post("/monitor/v1/assessments", json=body)).status_code == status
    unknown = {**ASSESSMENT, "id": "a2", "verdict": "unknown", "reason": "nog geen meting", "evidence": []}
    assert (await client.post("/monitor/v1/assessments", json=unknown)).status_code == 201
    found = await get(client, "assessments", level="programme")
    assert [(each["id"], each["version"], each["latest"]) for each in found] == [("a2", 2, True), ("a1", 1, False)]
    assert found[1]["evidence"][1]["ref"] == "l1"
    answers = (await get(client, "impact/matrix"))["cells"][2]["answers"]
    assert [(a["verdict"], a["reason"]) for a in answers if a["kind"] == "assessment"] == [
        ("unknown", "nog geen meting")
    ]
    ghost = {**right, "id": "a3", "evidence": [own, {"kind": "outcome", "ref": "ghost"}]}
    assert (await refused(client, "assessments", ghost))["errors"][0]["pointer"] == "#/evidence/1/ref"


async def test_an_outcome_lowers_the_cost_per_outcome_and_must_be_of_something_known(
    client: httpx2.AsyncClient,
) -> None:
    outcome = {"id": "o1", "initiative": "slowcare", "statement": "Plekken", "counts": "things", "count": 4,
               "evidence": "Opleverbrief", "on": "2019-01-01", "lesson": "l1"}  # fmt: skip
    for status in (201, 200):
        assert (await client.post("/monitor/v1/outcomes", json=outcome)).status_code == status
    costs = await get(client, "impact/initiatives/slowcare/costs")
    assert (costs["outcomes"], costs["costPerOutcome"]["cents"], costs["costPerLesson"]["cents"]) == (5, 25_00, 125_00)
    assert (costs["transferred"], len(costs["lessonsDrawn"]), len(costs["outcomesRecorded"])) == (1, 1, 1)
    other = await get(client, "impact/initiatives/lokaal-plus/costs")
    assert other["costPerOutcome"] == {"cents": None, "unknown": "er is nog geen uitkomst vastgelegd"}
    page = await get(client, "impact/initiatives", limit="1")
    assert (page["items"][0]["id"], page["next"]) == ("dementievriendelijke-gemeenten",) * 2
    problem = await refused(client, "outcomes", {**outcome, "id": "o2", "initiative": "ghost"})
    assert problem["detail"] == "Het initiatief ghost bestaat hier niet."
    assert (await refused(client, "outcomes", {**outcome, "id": "o2", "on": "2199-12-31"}, 409))["errors"]


async def test_outcomes_of_one_goal_at_the_same_moment_all_count(client: httpx2.AsyncClient) -> None:
    async def post(number: int) -> int:
        outcome = {"id": f"o{number}", "goal": "hbo-studenten", "lesson": "l1", "statement": "Studenten",
                   "counts": "people", "count": 10, "evidence": "Opgave", "on": "2019-01-01"}  # fmt: skip
        return (await client.post("/monitor/v1/outcomes", json=outcome)).status_code

    assert await asyncio.gather(*map(post, range(20))) == [201] * 20
    assert (await get(client, "impact/goals/hbo-studenten"))["measured"]["value"] == 200.0


async def test_an_instrument_is_decided_on_evidence_by_a_body(client: httpx2.AsyncClient) -> None:
    bare = {"id": "leningen", "title": "Leningen", "description": "Geld lenen."}
    assert (await client.post("/monitor/v1/impact/instruments", json=bare)).status_code == 201
    decision = {"id": "b1", "instrument": "leningen", "decision": "adopted", "by": "gedeputeerde-staten",
                "on": "2019-05-01", "reason": "Past bij de opgave."}  # fmt: skip
    assert (await refused(client, "impact/instrument-decisions", decision, 409))["detail"].startswith("Zonder bewijs")
    assert (
        "kies uit" in (await refused(client, "impact/instrument-decisions", {**decision, "by": "Jan Jansen"}))["detail"]
    )
    for body in ({**decision, "instrument": "innovatieregeling", "decision": "deferred"},
                 {**decision, "instrument": "innovatieregeling", "id": "b2", "on": "2019-06-01"}):  # fmt: skip
        for status in (201, 200):
            assert (await client.post("/monitor/v1/impact/instrument-decisions", json=body)).status_code == status
    found = await get(client, "impact/instruments/innovatieregeling")
    assert (found["decision"], [each["decision"] for each in found["decisions"]]) == (
        "adopted",
        ["deferred", "adopted"],
    )
    assert found["evidence"] == len(found["evidenceItems"]) == 2
    assert [each["decision"] for each in await get(client, "impact/instruments")] == ["adopted", None, None]


@pytest.mark.parametrize("period", ["2019-13", "0000", "9999", "2019-Q5", "maart", "2019-3", "٢٠١٩"])
async def test_a_period_is_written_as_a_month_quarter_or_year(client: httpx2.AsyncClient, period: str) -> None:
    params = {"indicator": "verbondenheid", "period": period}
    response = await client.get("/monitor/v1/impact/comparison", params=params)
    assert response.status_code == 400
    assert "hier hoort een maand (2019-03), een kwartaal (2019-Q1) of een jaar (2019)" in response.json()["detail"]


async def test_only_the_programme_may_write(client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]]) -> None:
    paths = ("outcomes", "assessments", "impact/goals", "impact/programme-areas", "impact/instruments",
             "impact/instrument-evidence", "impact/instrument-decisions")  # fmt: skip
    for path in paths:
        response = await client.post(f"/monitor/v1/{path}", json={}, headers=bearer("partner"))
        assert response.status_code in (400, 403), path
    response = await client.post("/monitor/v1/assessments", json=ASSESSMENT, headers=bearer("partner"))
    assert response.status_code == 403


async def test_a_quality_finding_is_told_once_and_again_when_it_says_something_else(
    client: httpx2.AsyncClient, monitor_connection: Connection
) -> None:
    finding = QualityFindingPublished(
        finding="verbondenheid-2019",
        finding_kind=QualityFindingKind.NOT_COMPARABLE,
        explanation="Andere schaal.",
        indicator="verbondenheid",
        area=None,
        period="2019",
    )
    again = QualityFindingPublished(
        **{field: getattr(finding, field) for field in finding.__struct_fields__} | {"explanation": "Andere vraag."}
    )
    answers = [await publish_finding(monitor_connection, each, at(NOW)) for each in (finding, finding, again)]
    assert answers == [True, False, True]
    (item,) = (await get(client, "quality-findings", indicator="verbondenheid"))["items"]
    assert (item["kind"], item["explanation"]) == ("not-comparable", "Andere vraag.")
    told = await monitor_connection.fetchval("SELECT count(*) FROM outbox WHERE topic = 'monitor.findings'")
    assert told == 2
