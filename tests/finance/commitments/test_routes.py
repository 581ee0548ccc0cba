"""Commitments over HTTP on a real Postgres: one event per change, retries without effect, limits held under
concurrency."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from shared.database import Connection

from ..samples import COMMITMENT, COMMITMENTS, DISBURSEMENT, DISBURSEMENTS, TODAY, outbox_events, programme, refusal


async def test_money_is_promised_and_paid_with_one_event_each(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    assert (await client.post(COMMITMENTS, json=COMMITMENT)).status_code == 201
    assert (await client.post(DISBURSEMENTS, json=DISBURSEMENT)).status_code == 201
    assert await outbox_events(connection) == [("commitment", "instrumentarium"), ("disbursement", "instrumentarium")]

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
    assert len(await outbox_events(connection)) == 2


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
    assert len((await client.get(COMMITMENTS)).json()["items"]) == len(await outbox_events(connection)) == 1


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
    assert len(await outbox_events(connection)) == 2


async def test_a_writer_needs_a_token_with_the_role_finance(
    client: httpx2.AsyncClient, connection: Connection, bearer: Callable[..., dict[str, str]]
) -> None:
    assert (await client.post(COMMITMENTS, json=COMMITMENT, headers=bearer("programme"))).status_code == 403
    del client.headers["Authorization"]
    assert (await client.post(COMMITMENTS, json=COMMITMENT)).status_code == 401
    assert await outbox_events(connection) == []


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
    assert Counter(await outbox_events(connection)) == {
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
    assert len(await outbox_events(connection)) == 1
