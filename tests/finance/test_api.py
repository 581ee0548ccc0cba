"""Finance over HTTP on a real Postgres: one event per change, retries without effect, limits held under concurrency."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from services.finance.app import create_app
from shared import database
from shared.database import Connection
from shared.runtime.settings import Settings

from ..conftest import served

DATA = Path(__file__).parents[2] / "deploy" / "programme" / "data"
#: Events of the programme's budget: 9 lines, 6 shares, 9 findings.
ADOPTED = 24
TODAY = datetime.now(UTC).date()
COMMITMENTS = "/finance/v1/budget-lines/instrumentarium/commitments"
DISBURSEMENTS = "/finance/v1/commitments/c-1/disbursements"
COMMITMENT = {
    "id": "c-1",
    "period": "2017",
    "amountCents": 40_000_00,
    "recipient": "gemeente-helmond",
    "initiative": "slowcare",
    "madeOn": TODAY.isoformat(),
}
DISBURSEMENT = {"id": "d-1", "amountCents": 15_000_00, "paidOn": TODAY.isoformat()}


def programme() -> Iterator[tuple[str, dict[str, object]]]:
    """The programme's budget: resource and body."""
    for name in ("budget-lines", "capacity-shares", "findings"):
        yield from ((name, record) for record in json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[Connection]:
    """A connection as finance."""
    connection = await database.connect("finance", settings)
    yield connection
    await connection.close()


@pytest.fixture
async def client(
    settings: Settings, connection: Connection, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the role finance, on the programme's budget. Finance knows one organisation and one initiative."""
    await connection.executemany(
        "INSERT INTO directory (kind, id, name) VALUES ($1, $2, $3)",
        [("organisation", "gemeente-helmond", "Gemeente Helmond"), ("initiative", "slowcare", "Slowcare <Oss>")],
    )
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("finance"))
        for name, record in programme():
            answer = await client.post(f"/finance/v1/{name}", json=record)
            assert answer.status_code == 201, answer.text
        yield client


async def said(connection: Connection) -> list[tuple[str, str]]:
    """Type and key of every event since the budget was adopted, in order."""
    rows = await connection.fetch("SELECT type, key FROM outbox ORDER BY position OFFSET $1", ADOPTED)
    return [(row["type"].split(".")[2], row["key"]) for row in rows]


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and pointer of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    return answer.status_code, problem["type"].rpartition(":")[2], problem["errors"][0]["pointer"]


async def test_the_summary_ties_and_capacity_lies_inside(client: httpx2.AsyncClient) -> None:
    summary = (await client.get("/finance/v1/summary")).json()
    assert {p["period"]: p["amountCents"] for p in summary["periods"]} == {
        "2017": 5_600_000_00,
        "2018-2019": 11_200_000_00,
    }
    assert summary["total"]["amountCents"] == 16_800_000_00
    assert summary["periods"][0]["inside"] == [
        {"party": "zet", "amountCents": 2_133_000_00},
        {"party": "zorgbelang", "amountCents": 1_066_000_00},
    ]
    first = summary["performances"][0]
    assert (first["performance"], first["periods"][0]["amountCents"]) == ("concrete-initiatieven", 3_750_000_00)


async def test_money_is_promised_and_paid_with_one_event_each(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    assert (await client.post(COMMITMENTS, json=COMMITMENT)).status_code == 201
    assert (await client.post(DISBURSEMENTS, json=DISBURSEMENT)).status_code == 201
    assert await said(connection) == [("commitment", "instrumentarium"), ("disbursement", "instrumentarium")]

    line = (await client.get("/finance/v1/budget-lines/instrumentarium")).json()
    assert line["amounts"][0] == {
        "period": "2017",
        "amountCents": 50_000_00,
        "committedCents": 40_000_00,
        "disbursedCents": 15_000_00,
        "availableCents": 10_000_00,
    }
    commitment = (await client.get("/finance/v1/commitments/c-1")).json()
    assert commitment["remainingCents"] == 25_000_00
    assert commitment["disbursements"] == [{**DISBURSEMENT, "commitment": "c-1"}]


async def test_a_retry_changes_nothing_even_when_there_is_no_room_left(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    everything = {**COMMITMENT, "amountCents": 50_000_00}
    payment = {**DISBURSEMENT, "amountCents": 50_000_00}
    first = [await client.post(COMMITMENTS, json=everything), await client.post(DISBURSEMENTS, json=payment)]
    again = [await client.post(COMMITMENTS, json=everything), await client.post(DISBURSEMENTS, json=payment)]
    assert [answer.status_code for answer in (*first, *again)] == [201, 201, 200, 200]
    for name, record in programme():
        assert (await client.post(f"/finance/v1/{name}", json=record)).status_code == 200
    assert len(await said(connection)) == 2


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("budget-lines", {"action": "anders"}),
        ("capacity-shares", {"amountCents": 1}),
        ("findings", {"title": "anders"}),
    ],
)
async def test_an_id_that_says_something_else_is_refused(
    client: httpx2.AsyncClient, connection: Connection, name: str, change: dict[str, object]
) -> None:
    record = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))[0]
    answer = await client.post(f"/finance/v1/{name}", json={**record, **change})
    assert refusal(answer) == (409, "id-in-use", "#/id")
    assert await said(connection) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": "c-1", "amountCents": 1}, (409, "id-in-use", "#/id")),
        ({"amountCents": 10_000_01}, (409, "above-available", "#/amountCents")),
        ({"madeOn": (TODAY + timedelta(days=1)).isoformat()}, (409, "date-in-future", "#/madeOn")),
        ({"recipient": "slowcare"}, (400, "unknown-organisation", "#/recipient")),
        ({"initiative": "gemeente-helmond"}, (400, "unknown-initiative", "#/initiative")),
        ({"amountCents": 2.5}, (400, "invalid-input", "#/amountCents")),
    ],
)
async def test_a_refused_commitment_stores_nothing(
    client: httpx2.AsyncClient, connection: Connection, change: dict[str, object], expected: tuple[int, str, str]
) -> None:
    await client.post(COMMITMENTS, json=COMMITMENT)
    answer = await client.post(COMMITMENTS, json={**COMMITMENT, "id": "c-2", "amountCents": 1, **change})
    assert refusal(answer) == expected
    assert len((await client.get(COMMITMENTS)).json()["items"]) == len(await said(connection)) == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": "d-1", "amountCents": 1}, (409, "id-in-use", "#/id")),
        ({"amountCents": 25_000_01}, (409, "above-commitment", "#/amountCents")),
        ({"paidOn": (TODAY - timedelta(days=1)).isoformat()}, (409, "paid-before-committed", "#/paidOn")),
        ({"paidOn": (TODAY + timedelta(days=1)).isoformat()}, (409, "date-in-future", "#/paidOn")),
        ({"amountCents": True}, (400, "invalid-input", "#/amountCents")),
    ],
)
async def test_a_refused_disbursement_stores_nothing(
    client: httpx2.AsyncClient, connection: Connection, change: dict[str, object], expected: tuple[int, str, str]
) -> None:
    await client.post(COMMITMENTS, json=COMMITMENT)
    await client.post(DISBURSEMENTS, json=DISBURSEMENT)
    answer = await client.post(DISBURSEMENTS, json={**DISBURSEMENT, "id": "d-2", "amountCents": 1, **change})
    assert refusal(answer) == expected
    assert (await client.get("/finance/v1/commitments/c-1")).json()["disbursedCents"] == 15_000_00
    assert len(await said(connection)) == 2


async def test_a_writer_needs_a_token_with_the_role_finance(
    client: httpx2.AsyncClient, connection: Connection, bearer: Callable[..., dict[str, str]]
) -> None:
    assert (await client.post(COMMITMENTS, json=COMMITMENT, headers=bearer("programme"))).status_code == 403
    del client.headers["Authorization"]
    assert (await client.post(COMMITMENTS, json=COMMITMENT)).status_code == 401
    assert await said(connection) == []


async def test_what_does_not_exist_is_not_found(client: httpx2.AsyncClient) -> None:
    missing = "/finance/v1/budget-lines/nergens"
    assert (await client.get(missing)).status_code == 404
    assert (await client.get(f"{missing}/commitments")).status_code == 404
    assert (await client.post(f"{missing}/commitments", json=COMMITMENT)).status_code == 404
    assert (await client.get("/finance/v1/commitments/c-9")).status_code == 404
    assert (await client.post(DISBURSEMENTS, json=DISBURSEMENT)).status_code == 404


async def test_commitments_are_listed_page_by_page(client: httpx2.AsyncClient) -> None:
    for number in range(5):
        await client.post(COMMITMENTS, json={**COMMITMENT, "id": f"c-{number}", "amountCents": 1})
    seen, after = [], ""
    while True:
        page = (await client.get(f"{COMMITMENTS}?limit=2{after}")).json()
        seen.append([item["id"] for item in page["items"]])
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == [["c-0", "c-1"], ["c-2", "c-3"], ["c-4"]]


async def test_many_at_once_never_promise_or_pay_more_than_there_is(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    wishes = [{**COMMITMENT, "id": f"c-{n % 20}", "amountCents": 7_000_00} for n in range(40)]
    answers = await asyncio.gather(*(client.post(COMMITMENTS, json=wish) for wish in wishes))
    assert Counter(answer.status_code for answer in answers)[201] == 7
    made = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    address = f"/finance/v1/commitments/{made}/disbursements"
    payments = [{**DISBURSEMENT, "id": f"d-{n % 10}", "amountCents": 2_000_00} for n in range(20)]
    paid = await asyncio.gather(*(client.post(address, json=payment) for payment in payments))
    assert Counter(answer.status_code for answer in paid)[201] == 3
    amounts = (await client.get("/finance/v1/budget-lines/instrumentarium")).json()["amounts"][0]
    assert (amounts["committedCents"], amounts["disbursedCents"]) == (49_000_00, 6_000_00)
    assert Counter(await said(connection)) == {
        ("commitment", "instrumentarium"): 7,
        ("disbursement", "instrumentarium"): 3,
    }


async def test_one_id_on_two_lines_at_once_is_one_commitment(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    lines = ("impactmonitoring", "monitor-verrijken", "europese-projecten")
    answers = await asyncio.gather(
        *(client.post(f"/finance/v1/budget-lines/{line}/commitments", json=COMMITMENT) for line in lines)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len(await said(connection)) == 1


async def test_the_page_shows_the_budget_with_names(client: httpx2.AsyncClient) -> None:
    await client.post(COMMITMENTS, json=COMMITMENT)
    text = (await client.get("/financien")).text
    for expected in (
        "€\u00a016.800.000",
        "daarvan inzet ZET",
        "Wat niet aansluit",
        "-€\u00a054.372",
        "Gemeente Helmond",
    ):
        assert expected in text
    assert "Slowcare &lt;Oss&gt;" in text
    assert 'data-refresh-on="nl.veerkracht.commitment.made.v1,nl.veerkracht.disbursement.made.v1"' in text
