"""Editions over HTTP on a real Postgres: frozen, said once, and the same to the byte whatever comes after."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.editions import command
from services.monitor.settings import MonitorSettings
from shared import database
from shared.contracts.monitor import EditionPublished
from shared.database import Connection
from tests.conftest import served

from ..figure.tallies import of_mean, published, ratio, scores
from ..history.histories import START, WORLD, History, Line, publish, put, put_lines

EDITIONS = "/monitor/v1/editions"
FIRST = {"id": "monitor-2026", "title": "Monitor 2026"}
D1 = Line(1, None, "verbondenheid", "dialogue", "GM0794", "2026-11", scores(0, 2, 5, 8, 5), ("e1", "e2"))
D2 = Line(2, None, "buurthulp", "dialogue", "GM0772", "2026-02", scores(9, 0, 0, 0, 3), ("e3",))
SURVEY = Line(3, None, "vrijwilligers", "survey", "GM0794", "2026", ratio(20, 50), ("i",), (), "load-1")
PAST = History(3, (D1, D2, SURVEY))


@pytest.fixture
async def monitor(monitor_connection: Connection) -> Connection:
    await monitor_connection.execute(WORLD)
    await put(monitor_connection, PAST)
    return monitor_connection


@pytest.fixture
async def client(
    settings: MonitorSettings, monitor: Connection, bearer: Callable[..., dict[str, str]]
) -> AsyncIterator[httpx2.AsyncClient]:
    assert not monitor.is_closed()
    async with served(create_app(settings)) as client:
        client.headers.update(bearer("programme"))
        yield client


async def made(client: httpx2.AsyncClient, **body: object) -> dict[str, Any]:
    answer = await client.post(EDITIONS, json={**FIRST, **body})
    assert answer.status_code == 201, answer.text
    return await described(client, str(answer.json()["id"]))


async def described(client: httpx2.AsyncClient, edition: str) -> dict[str, Any]:
    answer = await client.get(f"{EDITIONS}/{edition}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def files(client: httpx2.AsyncClient, edition: str = "monitor-2026") -> tuple[bytes, bytes]:
    found = []
    for kind in ("csv", "json"):
        answer = await client.get(f"{EDITIONS}/{edition}.{kind}")
        assert answer.status_code == 200, answer.text
        found.append(answer.content)
    return found[0], found[1]


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


async def change_everything(connection: Connection) -> None:
    """What a year may bring: withdrawals, imports, a learning key, a rebuild, mergers, other names."""
    await publish(connection, 4, 5)
    await connection.execute("UPDATE packet SET dissolved = 4, ended_by = '{gone}' WHERE indicator = 'verbondenheid'")
    await connection.execute("UPDATE observation SET dissolved = 5")
    more = Line(5, None, "vrijwilligers", "survey", "GM0794", "2026", ratio(30, 60), ("j",), (), "load-2")
    await put_lines(connection, [more])
    await connection.execute("""
        INSERT INTO packet (id, published, indicator, source, area, period, respondents, n, total, low_n, high_n,
                            numerator, denominator, detailed_n, histogram, units, events)
        SELECT 100 + id, 5, 'gezond', source, area, period, respondents, n, total, low_n, high_n, numerator,
               denominator, detailed_n, histogram, units, events FROM packet;
        INSERT INTO learning_key VALUES (1, '2026-01-01');
        TRUNCATE published, aggregate, contribution, dialogue, unit;
        INSERT INTO area VALUES ('noord', 'Noord', 'region', 'PV30', '2027-01-01', NULL);
        UPDATE area SET name = 'Elders', parent = 'noord' WHERE code = 'GM0794';
        UPDATE indicator SET name_nl = 'Anders', theme = 'gezondheid';
        UPDATE baseline_fact SET statement = 'anders';
    """)


async def test_an_edition_is_frozen_with_its_cut_checksums_and_event(
    client: httpx2.AsyncClient, monitor: Connection
) -> None:
    edition = await made(client)
    csv, document = await files(client)
    assert (edition["publication"], edition["previous"], edition["next"], edition["format"]) == (3, None, None, 1)
    assert edition["cells"] == len(csv.splitlines()) - 1 == len(json.loads(document)["cells"]) == 37
    assert [(file["bytes"], file["sha256"]) for file in edition["files"]] == [
        (len(content), hashlib.sha256(content).hexdigest()) for content in (csv, document)
    ]
    assert b"indicator,vrijwilligers,survey,PV30,2026,50,,,,,,20,50,0.400,0.276,0.538,\n" in csv
    said = await monitor.fetch("SELECT type, key, data FROM outbox")
    assert [(row["type"], row["key"]) for row in said] == [(EditionPublished.type, "monitor-2026")]
    assert json.loads(said[0]["data"]) == {
        "edition": "monitor-2026",
        "title": "Monitor 2026",
        "publication": 3,
        "cells": 37,
        "sha256": hashlib.sha256(csv).hexdigest(),
        "previous": None,
    }


async def test_it_is_the_same_to_the_byte_after_everything_changed(
    client: httpx2.AsyncClient, monitor: Connection
) -> None:
    await made(client)
    before = await files(client)
    await change_everything(monitor)
    assert await files(client) == before
    await made(client, id="later", title="Later")
    assert (await files(client, "later"))[0] != before[0], "negative control: everything did change"
    assert await files(client) == before


async def test_other_bytes_are_never_served_under_its_name(
    client: httpx2.AsyncClient, monitor: Connection, settings: MonitorSettings
) -> None:
    """What must not happen: someone changed the log itself."""
    await made(client)
    assert (await command.check(settings, "monitor-2026"))[1]
    await monitor.execute("UPDATE packet SET n = n + 1 WHERE indicator = 'verbondenheid'")
    for kind in ("csv", "json"):
        answer = await client.get(f"{EDITIONS}/monitor-2026.{kind}")
        assert refusal(answer) == (500, "edition-differs")
    lines, well = await command.check(settings, None)
    assert not well
    assert all(line.startswith("DIFFERS") for line in lines)


async def test_a_download_names_its_digest_and_is_not_sent_twice(client: httpx2.AsyncClient) -> None:
    await made(client)
    answer = await client.get(f"{EDITIONS}/monitor-2026.csv")
    digest = hashlib.sha256(answer.content).digest()
    assert answer.headers["etag"] == f'"{digest.hex()}"'
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["content-disposition"] == 'attachment; filename="monitor-2026.csv"'
    assert answer.headers["content-length"] == str(len(answer.content))
    again = await client.get(f"{EDITIONS}/monitor-2026.csv", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_editions_are_a_series_and_may_be_cut_in_the_past(client: httpx2.AsyncClient) -> None:
    await made(client)
    await made(client, id="second", publication=2)
    await made(client, id="third", at=(START + timedelta(hours=1, minutes=30)).isoformat())
    await made(client, id="before-all", at=(START - timedelta(days=1)).isoformat())
    listed = (await client.get(EDITIONS)).json()["items"]
    assert [(one["previous"], one["id"], one["next"], one["publication"]) for one in listed] == [
        (None, "monitor-2026", "second", 3),
        ("monitor-2026", "second", "third", 2),
        ("second", "third", "before-all", 1),
        ("third", "before-all", None, 0),
    ]
    assert await described(client, "second") == listed[1]
    assert b"vrijwilligers" not in (await files(client, "second"))[0]
    assert len((await files(client, "before-all"))[0].splitlines()) == 1


async def test_a_retry_changes_nothing_and_an_id_stands_for_one_edition(
    client: httpx2.AsyncClient, monitor: Connection
) -> None:
    await made(client)
    await publish(monitor, 4, 4)
    assert (await client.post(EDITIONS, json=FIRST)).status_code == 200
    assert (await client.post(EDITIONS, json={**FIRST, "publication": 3})).status_code == 200
    assert refusal(await client.post(EDITIONS, json={**FIRST, "publication": 2})) == (409, "id-in-use")
    assert refusal(await client.post(EDITIONS, json={**FIRST, "title": "Anders"})) == (409, "id-in-use")
    assert await monitor.fetchval("SELECT count(*) FROM outbox") == 1


async def test_what_cannot_be_an_edition_is_refused(
    client: httpx2.AsyncClient, monitor: Connection, bearer: Callable[..., dict[str, str]]
) -> None:
    async def post(**body: object) -> tuple[int, str]:
        return refusal(await client.post(EDITIONS, json={**FIRST, **body}))

    assert await post(id="2019") == (400, "invalid-input"), "it would be taken for a publication"
    assert await post(publication=4) == (404, "unknown-publication")
    assert await post(publication=-1) == (400, "invalid-input")
    assert await post(at="2026-01-01T00:00:00") == (400, "invalid-input")
    assert await post(at=0) == (400, "invalid-input")
    assert await post(at="2199-01-01T00:00:00Z") == (400, "cut-in-future")
    assert await post(at="0001-01-01T00:00:00+14:00") == (400, "invalid-input")
    assert await post(at="2026-01-01T00:00:00Z", publication=1) == (400, "two-cuts")
    assert refusal(await client.get(f"{EDITIONS}/onbekend")) == (404, "unknown-edition")
    assert refusal(await client.get(f"{EDITIONS}/onbekend.csv")) == (404, "unknown-edition")
    assert refusal(await client.get(f"{EDITIONS}/onbekend.xlsx")) == (400, "invalid-input")
    answer = await client.post(EDITIONS, json=FIRST, headers=bearer("organiser"))
    assert answer.status_code == 403
    assert await monitor.fetchval("SELECT count(*) FROM edition") == 0


async def test_no_edition_has_half_a_file(monitor: Connection, client: httpx2.AsyncClient) -> None:
    # Keeps the service from doing the step.
    await monitor.execute("SELECT pg_advisory_lock(hashtextextended('monitor observation steps', 0))")
    await monitor.execute("INSERT INTO observation_pending VALUES ('load-1', 'vrijwilligers', 'survey', '2026')")
    answer = await client.post(EDITIONS, json=FIRST)
    assert refusal(answer) == (409, "file-half-public")
    assert "x.csv" in answer.json()["detail"]
    await monitor.execute("DELETE FROM observation_pending")
    assert (await client.post(EDITIONS, json=FIRST)).status_code == 201


async def test_the_baseline_belongs_in_an_edition_as_far_as_it_was_known(
    client: httpx2.AsyncClient, monitor: Connection
) -> None:
    fact = {
        "id": "eenzaam-2016",
        "statement": "40% van de Brabanders is eenzaam",
        "areas": ["PV30"],
        "lowPercent": 40,
        "period": "2016",
        "source": "Monitor Sociale Veerkracht 2016",
        "paragraph": "1.2",
    }
    assert (await client.post("/monitor/v1/baseline-facts", json=fact)).status_code == 201
    await made(client, id="nulmeting-2016", title="Nulmeting 2016")
    await made(client, id="before", publication=3)
    told = json.loads((await files(client, "nulmeting-2016"))[1])
    assert [(one["id"], one["lowPercent"], one["highPercent"]) for one in told["baseline"]] == [
        ("eenzaam-2016", 40, None)
    ]
    assert {one["code"]: one["name"] for one in told["areas"]}["GM0794"] == "Helmond"
    assert json.loads((await files(client, "before"))[1])["baseline"] == []
    before = await files(client, "nulmeting-2016")
    await change_everything(monitor)
    assert await files(client, "nulmeting-2016") == before


async def test_a_publication_at_work_is_wholly_in_it_or_not_at_all(
    client: httpx2.AsyncClient, settings: MonitorSettings
) -> None:
    other = await database.connect("monitor", settings)
    try:
        transaction = other.transaction()
        await transaction.start()
        await publish(other, 4, 4)
        more = Line(4, None, "gezond", "ggd", "GM0828", "2026", published(of_mean(3_000_000, 20, None)), ("k",))
        await put_lines(other, [more], first=50)
        without = await made(client)
        await transaction.commit()
        within = await made(client, id="after", title="Daarna")
    finally:
        await other.close()
    assert (without["publication"], within["publication"]) == (3, 4)
    assert b"gezond" not in (await files(client))[0]
    assert b"gezond" in (await files(client, "after"))[0]


async def test_two_at_once_are_one_after_the_other(client: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post(EDITIONS, json={**FIRST, "id": f"e{n}"}) for n in range(3)))
    assert {answer.status_code for answer in answers} == {201}
    listed = (await client.get(EDITIONS)).json()["items"]
    assert [one["previous"] for one in listed] == [None, *(one["id"] for one in listed[:-1])]


async def test_an_edition_keeps_the_positions_in_the_log_at_its_cut_and_tells_nobody(
    client: httpx2.AsyncClient, monitor: Connection
) -> None:
    await monitor.execute("INSERT INTO watermark VALUES ('figures', 'community.findings', 0, 5)")
    await publish(monitor, 4, 4)
    await monitor.execute("UPDATE watermark SET next_offset = 9")
    edition = await made(client)
    kept = await monitor.fetchval("SELECT watermarks FROM edition")
    assert json.loads(kept) == [{"topic": "community.findings", "partition": 0, "nextOffset": 5}]
    assert edition.keys() == {
        *("id", "title", "publication", "cutAt", "publishedAt", "cells", "format", "generator", "previous", "next"),
        "files",
    }
    page = await client.get("/monitor/edities/monitor-2026")
    assert page.status_code == 200
    for text in (*(file.decode() for file in await files(client)), page.text):
        assert "community.findings" not in text
        assert "nextOffset" not in text
