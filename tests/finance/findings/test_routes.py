"""Findings over HTTP."""

import json

import httpx2

from shared.database import Connection

from ..samples import DATA, outbox_events, refusal

FINDINGS = "/finance/v1/findings"


async def test_an_id_that_says_something_else_is_refused(client: httpx2.AsyncClient, connection: Connection) -> None:
    record = json.loads((DATA / "findings.json").read_text(encoding="utf-8"))[0]
    answer = await client.post(FINDINGS, json={**record, "title": "anders"})
    assert refusal(answer) == (409, "id-in-use", "#/id")
    assert await outbox_events(connection) == []


async def test_findings_are_listed_those_with_amounts_first(client: httpx2.AsyncClient) -> None:
    found = (await client.get(FINDINGS)).json()
    assert [finding["differenceCents"] for finding in found] == [33_979_00, -54_372_00, *[None] * 7]
