"""Files over HTTP: offered by the programme, followed while they are read, refused with all that is wrong."""

import asyncio
import codecs
import hashlib
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx2
import pytest

from services.monitor.app import create_app
from services.monitor.observations.receiving import XLSX
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from shared.http.protection.bodies import MAX_BODY
from tests.conftest import served

from .file.damages import DAMAGES
from .file.test_xlsx_file import book, typed
from .world import eenzaam, regie, text

Headers = Callable[..., dict[str, str]]
PATH = "/monitor/v1/observations"
AFTER_EXCEL = (
    ("LibreOffice quotes every field", "blank lines between", "^Z at the end"),
    ("a first line sep=;", "headings with capitals", "Excel adds empty columns", "a no-break space after every cell"),
)


@pytest.fixture
async def client(settings: MonitorSettings, monitor: Connection) -> AsyncIterator[httpx2.AsyncClient]:
    assert not monitor.is_closed()
    small = settings.model_copy(update={"import_max_bytes": 3 * MAX_BODY, "import_total_bytes": 7 * MAX_BODY})
    async with served(create_app(small)) as client:
        yield client


def received(folder: Path) -> list[Path]:
    """The files that are being received."""
    return list(folder.iterdir())


async def done(client: httpx2.AsyncClient, location: str, headers: dict[str, str]) -> dict[str, object]:
    """The import when it is no longer read."""
    while True:
        answer = await client.get(location, headers=headers)
        assert answer.status_code == 200
        body: dict[str, object] = answer.json()
        if body["state"] != "reading":
            return body
        await asyncio.sleep(0.02)


async def test_a_file_is_followed_told_once_and_exported_as_it_came(
    client: httpx2.AsyncClient, bearer: Headers, monitor: Connection
) -> None:
    content = text([regie(standaardafwijking=""), eenzaam(), regie(gebied="GM0772", standaardafwijking="")]).encode()
    headers = bearer("programme")
    answer = await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=content, headers=headers)
    assert answer.status_code == 202
    assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()
    body = await done(client, answer.headers["location"], headers)
    assert (body["state"], body["rows"], body["stored"], body["errors"]) == ("accepted", 3, 3, [])
    assert body["bytesRead"] == body["bytesTotal"] == len(content)

    while (await client.get(answer.headers["location"], headers=headers)).json()["stepsLeft"]:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    exported = await client.get("/monitor/v1/observations.csv")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert sorted(exported.content.splitlines()) == sorted(content.splitlines())
    one = await client.get("/monitor/v1/observations.csv", params={"indicator": "regie", "bron": "ggd"})
    assert len(one.content.splitlines()) == 1

    told = await monitor.fetch(
        "SELECT key, causation_id FROM outbox WHERE type = 'nl.veerkracht.aggregate.moved.v1' ORDER BY key"
    )
    assert [row["key"] for row in told] == [
        "indicator.eenzaam.GM0794.2024.ggd",
        "indicator.eenzaam.PV30.2024.ggd",
        "indicator.eenzaam.zuidoost-brabant.2024.ggd",
        "indicator.regie.GM0772.2024.survey",
        "indicator.regie.GM0794.2024.survey",
        "indicator.regie.PV30.2024.survey",
        "indicator.regie.zuidoost-brabant.2024.survey",
    ]
    event = await monitor.fetchval("SELECT event FROM observation_import")
    assert {row["causation_id"] for row in told} == {event}


async def test_a_refused_file_says_everything_that_is_wrong(client: httpx2.AsyncClient, bearer: Headers) -> None:
    headers = bearer("programme")
    rows = [regie(n="x", waarde="y")] * 1100
    answer = await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=text(rows), headers=headers)
    body = await done(client, answer.headers["location"], headers)
    assert (body["state"], body["rows"], body["stored"], body["refused"], body["errorCount"]) == (
        "refused",
        1100,
        0,
        1100,
        2200,
    )
    errors = body["errors"]
    assert isinstance(errors, list)
    assert len(errors) == 1000
    assert errors[1] == {
        "line": 2,
        "cell": None,
        "column": "n",
        "value": "x",
        "reason": "dit is geen getal: hier hoort een geheel getal, alleen cijfers",
    }
    report = await client.get(answer.headers["location"] + "/errors.csv", headers=headers)
    assert report.content.startswith(codecs.BOM_UTF8), "Excel reads it as UTF-8"
    assert len(report.text.splitlines()) == 2201
    assert report.text.splitlines()[2] == "2;;n;x;dit is geen getal: hier hoort een geheel getal, alleen cijfers"


async def test_good_rows_may_be_asked_for(client: httpx2.AsyncClient, bearer: Headers) -> None:
    headers = bearer("programme")
    params = {"bestandsnaam": "a.csv", "goedeRijen": "true"}
    answer = await client.post(PATH, params=params, content=text([regie(), regie(gebied="x")]), headers=headers)
    body = await done(client, answer.headers["location"], headers)
    assert (body["state"], body["stored"], body["refused"]) == ("accepted", 1, 1)


async def test_a_file_may_be_larger_than_a_message_but_not_than_the_limit(
    client: httpx2.AsyncClient, bearer: Headers
) -> None:
    headers = bearer("programme")
    large = text([regie()] * 20_000)
    assert len(large) > MAX_BODY
    answer = await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=large, headers=headers)
    assert answer.status_code == 202
    await done(client, answer.headers["location"], headers)
    answer = await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=b"x" * (4 * MAX_BODY), headers=headers)
    assert answer.status_code == 413
    assert "Er is niets opgeslagen" in answer.json()["detail"]


async def test_a_workbook_goes_in_and_out(client: httpx2.AsyncClient, bearer: Headers, tmp_path: Path) -> None:
    headers = bearer("programme")
    content = book(tmp_path / "a.xlsx", map(typed, [regie(), eenzaam()])).read_bytes()
    answer = await client.post(PATH, params={"bestandsnaam": "a.xlsx"}, content=content, headers=headers)
    assert (await done(client, answer.headers["location"], headers))["stored"] == 2
    while (await client.get(answer.headers["location"], headers=headers)).json()["stepsLeft"]:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    exported = await client.get("/monitor/v1/observations.xlsx")
    assert exported.headers["content-type"] == XLSX
    answer = await client.post(PATH, params={"bestandsnaam": "b.xlsx"}, content=exported.content, headers=headers)
    body = await done(client, answer.headers["location"], headers)
    assert (body["state"], body["unchanged"], body["stored"]) == ("accepted", 2, 0)

    exported = await client.get("/monitor/v1/observations.csv")
    for names in (
        ("Excel leaves out empty fields at the end of 16 rows", "a byte order mark added twice"),
        *AFTER_EXCEL,
    ):
        content = exported.content
        for name in names:
            content = DAMAGES[name].do(content)
        assert content != exported.content
        answer = await client.post(PATH, params={"bestandsnaam": "c.csv"}, content=content, headers=headers)
        body = await done(client, answer.headers["location"], headers)
        assert (body["state"], body["unchanged"], body["stored"]) == ("accepted", 2, 0), names


async def test_what_is_no_file_is_refused_before_it_is_read(client: httpx2.AsyncClient, bearer: Headers) -> None:
    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield text([regie()]).encode()

    for headers in ({"Content-Type": "multipart/form-data; boundary=x"}, {"Content-Encoding": "gzip"}):
        read: list[int] = []
        answer = await client.post(
            PATH, params={"bestandsnaam": "a.csv"}, content=body(), headers=bearer("programme") | headers
        )
        assert (answer.status_code, answer.json()["type"]) == (415, "urn:veerkracht:problem:unsupported-media-type")
        assert "--data-binary" in answer.json()["detail"]
    assert (await client.get("/monitor/v1/observation-imports", headers=bearer("programme"))).json() == []


async def test_more_files_at_once_than_there_is_room_for_are_told_when_to_come_back(
    client: httpx2.AsyncClient, bearer: Headers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    headers, go = bearer("programme"), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield text([regie()]).encode()
        await go.wait()

    async def send() -> httpx2.Response:
        answer = await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=slow(), headers=headers)
        if answer.status_code == 503:
            go.set()
        return answer

    answers = await asyncio.gather(*(send() for _ in range(25)))
    assert Counter(answer.status_code for answer in answers) == {202: 2, 503: 23}
    assert {answer.headers.get("retry-after") for answer in answers if answer.status_code == 503} == {"60"}
    for answer in answers:
        if answer.status_code == 202:
            await done(client, answer.headers["location"], headers)
    while received(tmp_path):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    assert (await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=b"x", headers=headers)).status_code == 202


async def test_an_upload_that_is_broken_off_leaves_no_file_and_gives_its_room_back(
    client: httpx2.AsyncClient, bearer: Headers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * 100_000
        begun.set()
        await asyncio.Event().wait()

    for _ in range(5):
        begun.clear()
        sending = asyncio.create_task(
            client.post(PATH, params={"bestandsnaam": "a.csv"}, content=endless(), headers=bearer("programme"))
        )
        await begun.wait()
        assert len(received(tmp_path)) == 1
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert received(tmp_path) == []


async def test_the_report_tells_in_which_encoding_a_file_was_read(client: httpx2.AsyncClient, bearer: Headers) -> None:
    headers = bearer("programme")
    for content, encoding in (
        (text([regie(bron="enquête")]).encode("cp1252"), "windows-1252"),
        (text([regie()]).encode(), "utf-8"),
    ):
        answer = await client.post(PATH, params={"bestandsnaam": "a.csv"}, content=content, headers=headers)
        assert (await done(client, answer.headers["location"], headers))["encoding"] == encoding


async def test_an_empty_file_and_a_stranger_are_refused_at_once(client: httpx2.AsyncClient, bearer: Headers) -> None:
    params = {"bestandsnaam": "a.csv"}
    answer = await client.post(PATH, params=params, content=b"", headers=bearer("programme"))
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:veerkracht:problem:empty-file")
    assert (await client.post(PATH, params=params, content=b"x", headers=bearer("partner"))).status_code == 403
    assert (await client.post(PATH, params=params, content=b"x")).status_code == 401
    assert (await client.get("/monitor/v1/observation-imports")).status_code == 401
    answer = await client.get("/monitor/v1/observation-imports/x", headers=bearer("programme"))
    assert answer.status_code == 404


async def test_anyone_sees_when_a_file_came_and_no_count_of_it(client: httpx2.AsyncClient, bearer: Headers) -> None:
    headers = bearer("programme")
    rows = [regie(), eenzaam(), regie(gebied="GM9999")]
    answer = await client.post(
        PATH, params={"bestandsnaam": "geheim.csv", "goedeRijen": "true"}, content=text(rows), headers=headers
    )
    body = await done(client, answer.headers["location"], headers)
    assert (body["stored"], body["waiting"], body["refused"]) == (2, 0, 1)
    page = (await client.get("/monitor/waarnemingen")).text
    listed = page.partition("Ingelezen bestanden")[2].partition('id="aanleveren"')[0]
    assert str(body["id"]) in listed
    assert not [word for word in ("Rijen", "Vervangen", "Geweigerd", "geheim", str(body["sha256"])) if word in page]
    assert "Telefonisch gesprek" in page
