"""The programme as the document has it, loaded through commands and Kafka, seen in every service."""

import asyncio
import sys

import msgspec

from deploy.local.stack import Stack
from deploy.programme import load

from .platform import Platform, settled, until


class Listed(msgspec.Struct):
    """Any list answer."""

    items: list[msgspec.Raw]


class Directory(msgspec.Struct):
    total: int


class Source(msgspec.Struct):
    source: str
    highest: int


class Sources(msgspec.Struct):
    items: list[Source]


async def count(platform: Platform, path: str) -> int:
    body = (await platform.client.get(path)).content
    if body.startswith(b"["):
        return len(msgspec.json.decode(body, type=list[msgspec.Raw]))
    return len(msgspec.json.decode(body, type=Listed).items)


async def named(platform: Platform, path: str, field: str) -> set[str]:
    return {str(each[field]) for each in (await platform.client.get(path)).json()}


async def total(platform: Platform, service: str, kind: str) -> int:
    answer = await platform.client.get(f"/{service}/v1/directory/{kind}")
    return msgspec.json.decode(answer.content, type=Directory).total


async def numbers(platform: Platform) -> dict[str, int]:
    answer = await platform.client.get("/feeds/v1/sources")
    return {item.source: item.highest for item in msgspec.json.decode(answer.content, type=Sources).items}


async def test_everything_of_the_document_is_there(platform: Platform) -> None:
    data = load.read()
    assert await count(platform, "/initiatives/v1/initiatives?limit=200") >= 11
    assert await count(platform, "/monitor/v1/areas?level=municipality&on=2018-01-01") == 64
    assert await count(platform, "/monitor/v1/areas?level=municipality&on=2026-11-01") == 56
    assert await count(platform, "/monitor/v1/area-changes") == 5
    assert await named(platform, "/monitor/v1/indicators", "code") >= {each["code"] for each in data["indicators"]}
    assert await count(platform, "/monitor/v1/baseline-facts") == len(data["baseline-facts"])
    assert await named(platform, "/monitor/v1/impact/goals", "id") >= {each["id"] for each in data["goals"]}
    for name in ("programme-areas", "instruments"):
        assert await count(platform, f"/monitor/v1/impact/{name}") == len(data[name])
    editions = (await platform.client.get("/monitor/v1/editions")).json()["items"]
    assert {edition["id"]: edition["cells"] for edition in editions}["nulmeting-2016"] == 0
    frozen = (await platform.client.get("/monitor/v1/editions/nulmeting-2016.json")).text
    assert all(fact["id"] in frozen for fact in data["baseline-facts"])
    assert await count(platform, "/community/v1/organisations?limit=200") == len(data["organisations"])
    assert await count(platform, "/finance/v1/budget-lines") == 9
    assert await count(platform, "/finance/v1/capacity-shares") == 6
    assert await count(platform, "/finance/v1/findings") == 9


async def test_every_service_has_learnt_the_names_it_needs(platform: Platform) -> None:
    for service in ("initiatives", "community"):
        assert await total(platform, service, "municipality") == 70
    assert await total(platform, "initiatives", "organisation") == 72
    assert await total(platform, "finance", "initiative") == 11


async def test_loading_twice_changes_nothing(platform: Platform, stack: Stack) -> None:
    before = await settled(lambda: numbers(platform))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "deploy.programme",
        "--url",
        stack.base_url,
        "--tokens",
        str(stack.state / "tokens.json"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    assert output.decode().count(" 0 new") == len(load.FILES)
    assert await settled(lambda: numbers(platform)) == before


async def test_a_commitment_and_its_payment_reach_the_activity(platform: Platform) -> None:
    commitment = {
        "id": "toezegging-zet-2017",
        "period": "2017",
        "amountCents": 5_000_000,
        "recipient": "zet",
        "initiative": "sociale-stad",
        "madeOn": "2017-03-01",
    }
    lines = (await platform.client.get("/finance/v1/budget-lines")).json()
    first = (lines if isinstance(lines, list) else lines["items"])[0]["id"]
    path = f"/finance/v1/budget-lines/{first}/commitments"
    assert (await platform.post("finance", path, dict(commitment))).status_code == 201
    payments = "/finance/v1/commitments/toezegging-zet-2017/disbursements"
    paid = {"id": "betaling-1", "amountCents": 2_500_000, "paidOn": "2017-04-01"}
    assert (await platform.post("finance", payments, dict(paid))).status_code == 201
    above = await platform.post("finance", payments, {**paid, "id": "betaling-2", "amountCents": 2_500_001})
    assert above.status_code == 409
    assert above.json()["errors"][0]["pointer"] == "#/amountCents"

    async def told() -> str:
        return (await platform.client.get("/community/v1/activities?organisation=zet&limit=5")).text

    text = await until(told, lambda text: "betaald" in text)
    assert "50.000 toegezegd aan ZET" in text
    assert "25.000 betaald aan ZET" in text


async def test_a_phase_reached_is_a_trigger(platform: Platform) -> None:
    body = {"phase": "running", "on": "2017-06-01"}
    answer = await platform.post("programme", "/initiatives/v1/initiatives/slowcare/phases", dict(body))
    assert answer.status_code == 201

    async def triggers() -> str:
        return (await platform.client.get("/community/v1/newsletter-triggers?reason=phase-reached")).text

    assert "slowcare" in await until(triggers, lambda text: "initiative/slowcare" in text)
