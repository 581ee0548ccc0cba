"""The budget over HTTP: what it adds up to, and what an id stands for."""

import json

import httpx2
import pytest

from shared.database import Connection

from ..samples import DATA, outbox_events, refusal


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


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("budget-lines", {"action": "anders"}),
        ("capacity-shares", {"amountCents": 1}),
    ],
)
async def test_an_id_that_says_something_else_is_refused(
    client: httpx2.AsyncClient, connection: Connection, name: str, change: dict[str, object]
) -> None:
    record = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))[0]
    answer = await client.post(f"/finance/v1/{name}", json={**record, **change})
    assert refusal(answer) == (409, "id-in-use", "#/id")
    assert await outbox_events(connection) == []
