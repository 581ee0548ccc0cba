"""The HTTP edge, shown on one service: who may, what is refused and where, and retries that do no harm."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx2
import msgspec
import pytest

from shared.database import Connection
from shared.http.protection.bodies import MAX_BODY

from ..samples import INITIATIVE, PATH, outbox_events

Headers = Callable[..., dict[str, str]]
JSON = {"Content-Type": "application/json"}
#: Of a client: made by chance, so it may be published.
CORRELATION = "7b0f4f1e-2f0a-4c1e-9d7a-5a3f0c9e1b22"


class Problem(msgspec.Struct):
    """problem+json."""

    type: str
    status: int
    title: str
    detail: str
    errors: list[dict[str, str]] = []


def problem(answer: httpx2.Response) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    body = msgspec.json.decode(answer.content, type=Problem)
    assert body.status == answer.status_code
    assert body.title
    assert body.detail
    return body


async def test_registering_is_one_row_and_one_event(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    answer = await client.post(PATH, json=INITIATIVE, headers=bearer("programme"))
    assert answer.status_code == 201
    assert answer.json()["phase"] == "exploring"
    assert await outbox_events(connection) == ["nl.veerkracht.initiative.registered.v1"]
    assert (await client.get(f"{PATH}/buurtkamer")).json() == answer.json()


async def test_the_same_again_changes_nothing_and_another_under_the_id_is_refused(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    await client.post(PATH, json=INITIATIVE, headers=bearer("programme"))
    again = await client.post(PATH, json=INITIATIVE, headers=bearer("programme"))
    assert again.status_code == 200
    other = await client.post(PATH, json={**INITIATIVE, "title": "Iets anders"}, headers=bearer("programme"))
    assert other.status_code == 409
    assert problem(other).errors == [
        {"pointer": "#/id", "detail": "Onder het kenmerk buurtkamer is al iets anders vastgelegd."}
    ]
    assert len(await outbox_events(connection)) == 1


async def test_a_retry_with_an_idempotency_key_gets_the_same_answer(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    await client.post(PATH, json=INITIATIVE, headers=bearer("programme"))
    headers = {**bearer("programme"), "Idempotency-Key": "retry-1"}
    body = {"phase": "running", "on": "2026-11-01"}
    first, *others = await asyncio.gather(
        *[client.post(f"{PATH}/buurtkamer/phases", json=body, headers=headers) for _ in range(5)]
    )
    assert first.status_code == 201
    assert {(answer.status_code, answer.content) for answer in others} == {(201, first.content)}
    assert (await outbox_events(connection)).count("nl.veerkracht.initiative.phase-changed.v1") == 1


async def test_a_retry_with_a_key_gets_its_answer_after_what_came_later_too(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    await client.post(PATH, json=INITIATIVE, headers=bearer("programme"))
    keyed = {**bearer("programme"), "Idempotency-Key": "retry-3"}
    running, stopped = ({"phase": phase, "on": "2026-11-01"} for phase in ("running", "stopped"))
    first = await client.post(f"{PATH}/buurtkamer/phases", json=running, headers=keyed)
    await client.post(f"{PATH}/buurtkamer/phases", json=stopped, headers=bearer("programme"))
    retry = await client.post(f"{PATH}/buurtkamer/phases", json=running, headers=keyed)
    assert (retry.status_code, retry.content) == (201, first.content)
    # Negative control: without the key it is refused.
    plain = await client.post(f"{PATH}/buurtkamer/phases", json=running, headers=bearer("programme"))
    assert plain.status_code == 409
    assert len(await outbox_events(connection)) == 3


async def test_what_would_be_too_large_to_send_is_refused_beside_its_field(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    roles = [{"party": "zet", "role": f"{number} " + "x" * 3000} for number in range(40)]
    answer = await client.post(PATH, json={**INITIATIVE, "roles": roles}, headers=bearer("programme"))
    assert answer.status_code == 400
    assert problem(answer).type == "urn:veerkracht:problem:event-too-large"
    assert [error["pointer"] for error in problem(answer).errors] == ["#/roles"]
    assert await outbox_events(connection) == []
    fits = await client.post(PATH, json={**INITIATIVE, "roles": roles[:15]}, headers=bearer("programme"))
    assert fits.status_code == 201


async def test_an_idempotency_key_for_another_request_is_refused(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    headers = {**bearer("programme"), "Idempotency-Key": "retry-2"}
    await client.post(PATH, json=INITIATIVE, headers=headers)
    answer = await client.post(PATH, json={**INITIATIVE, "id": "anders"}, headers=headers)
    assert answer.status_code == 409
    assert problem(answer).type == "urn:veerkracht:problem:idempotency-key-reused"
    assert len(await outbox_events(connection)) == 1


async def test_who_has_no_token_or_another_role_is_refused(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    nobody = await client.post(PATH, json=INITIATIVE)
    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"] == "Bearer"
    problem(nobody)
    forged = await client.post(PATH, json=INITIATIVE, headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
    assert forged.status_code == 401
    other = await client.post(PATH, json=INITIATIVE, headers=bearer("finance", "community"))
    assert other.status_code == 403
    assert problem(other).detail == "Hiervoor is de rol programme nodig."
    assert await outbox_events(connection) == []


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"colour": "red"}, "#/colour", "dit veld is onbekend"),
        ({"title": 7}, "#/title", "hier hoort tekst"),
        ({"title": ""}, "#/title", "hier staat niets dat te zien is"),
        ({"title": "a\u0000b"}, "#/title", "teken 2 (U+0000) is een stuurteken"),
        ({"themes": []}, "#/themes", "minstens 1 onderdelen"),
        ({"themes": ["geluk"]}, "#/themes/0", "kies uit"),
        ({"lines": "gebiedsgericht"}, "#/lines", "hier hoort een lijst"),
        ({"id": "Buurtkamer!"}, "#/id", "teken 1 (“B”) hoort hier niet: hier hoort een kenmerk"),
        ({"municipalities": ["GM0794", "GM9999"]}, "#/municipalities/1", "gemeente GM9999 bestaat niet."),
        ({"regions": ["limburg"]}, "#/regions/0", "regio limburg bestaat niet."),
        ({"partners": ["nobody"]}, "#/partners/0", "organisatie nobody bestaat niet."),
        ({"roles": [{"party": "rijk", "role": "x"}]}, "#/roles/0/party", "kies uit"),
    ],
)
async def test_wrong_input_points_at_the_field_and_stores_nothing(
    client: httpx2.AsyncClient,
    connection: Connection,
    bearer: Headers,
    change: dict[str, object],
    pointer: str,
    detail: str,
) -> None:
    answer = await client.post(PATH, json={**INITIATIVE, **change}, headers=bearer("programme"))
    assert answer.status_code == 400
    (error,) = problem(answer).errors
    assert error["pointer"] == pointer
    assert error["detail"].startswith(detail)
    assert await outbox_events(connection) == []


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"[]", b"null", b'{"id": "\xff"}', b'{"title": "\\ud800"}', b"\xef\xbb\xbf{}", b"[" * 100_000],
    ids=["cut off", "empty", "a list", "null", "not utf-8", "half a character", "a byte order mark", "too deep"],
)
async def test_what_is_no_json_object_is_refused(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers, content: bytes
) -> None:
    headers = {**bearer("programme"), "Content-Type": "application/json"}
    answer = await client.post(PATH, content=content, headers=headers)
    assert answer.status_code == 400, answer.text
    problem(answer)
    assert await outbox_events(connection) == []


async def test_a_body_over_one_megabyte_is_refused_whether_it_says_so_or_not(
    client: httpx2.AsyncClient, bearer: Headers
) -> None:
    large = b'{"title": "' + b"x" * MAX_BODY + b'"}'

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    for content in (large, in_pieces()):
        answer = await client.post(PATH, content=content, headers={**bearer("programme"), **JSON})
        assert answer.status_code == 413
        problem(answer)


async def test_what_does_not_exist_is_a_problem_in_the_api_and_a_dutch_page_in_a_browser(
    client: httpx2.AsyncClient,
) -> None:
    for path in (f"{PATH}/nothing", f"{PATH}/", "/initiatives/v2/initiatives"):
        answer = await client.get(path)
        assert answer.status_code == 404
        problem(answer)
    page = await client.get("/initiatieven/nothing", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Er is geen initiatief nothing." in page.text


async def test_every_answer_has_the_headers_a_dutch_government_api_needs(client: httpx2.AsyncClient) -> None:
    answer = await client.get(PATH, headers={"X-Correlation-Id": CORRELATION})
    assert answer.headers["api-version"] == "1.0.0"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-correlation-id"] == CORRELATION
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    openapi = await client.get("/initiatives/v1/openapi.json")
    assert openapi.headers["access-control-allow-origin"] == "*"
    assert openapi.json()["info"]["version"] == "1.0.0"


async def test_an_event_continues_the_trace_of_its_request(
    client: httpx2.AsyncClient, connection: Connection, bearer: Headers
) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {
        **bearer("programme"),
        "traceparent": f"00-{trace}-b7ad6b7169203331-01",
        "X-Correlation-Id": CORRELATION,
    }
    await client.post(PATH, json=INITIATIVE, headers=headers)
    row = await connection.fetchrow("SELECT correlation_id, traceparent FROM outbox")
    assert row is not None
    assert row["correlation_id"] == CORRELATION
    assert row["traceparent"].split("-")[1] == trace


async def test_health_and_metrics_answer(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/initiatives/healthz")).json() == {"alive": True}
    assert (await client.get("/initiatives/readyz")).status_code == 200
    await client.get(PATH)
    metrics = (await client.get("/initiatives/metrics")).text
    assert 'veerkracht_http_request_seconds_count{method="GET",route="/initiatives/v1/initiatives"' in metrics


async def test_initiatives_come_page_by_page(client: httpx2.AsyncClient, bearer: Headers) -> None:
    for name in ("a", "b", "c"):
        await client.post(PATH, json={**INITIATIVE, "id": name}, headers=bearer("programme"))
    first = (await client.get(PATH, params={"limit": 2})).json()
    rest = (await client.get(PATH, params={"limit": 2, "after": first["next"]})).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert rest["next"] is None
