"""Activity over HTTP: pages in both directions, and filters."""

import httpx2
import pytest

from services.community.activity.domain import ActivityFilter, tags_of
from shared.contracts.catalogue import entry_of

from ..conftest import Publish
from ..paging import read_all
from ..samples import AREA, FINDING, NAMES, NEWS, Change

ACTIVITIES, TRIGGERS = "/community/v1/activities", "/community/v1/newsletter-triggers"


async def test_activity_is_read_newest_first_or_past_a_cursor(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*NAMES, *NEWS)
    everything = list(range(1, len(NEWS) + 1))
    for limit in (1, 4, 11, 200):
        assert await read_all(client, ACTIVITIES, "before", limit) == everything[::-1]
        assert await read_all(client, ACTIVITIES, "after", limit, after="0") == everything
    assert await read_all(client, ACTIVITIES, "after", 2, after="8") == everything[8:]
    assert await read_all(client, ACTIVITIES, "before", 2, before="0") == []


@pytest.mark.parametrize(
    "query",
    [
        {"initiative": "sociale-stad"},
        {"municipality": "GM0794"},
        {"municipality": "PV30"},
        {"theme": "vertrouwen"},
        {"organisation": "zet"},
        {"type": FINDING.type},
        {"organisation": "zet", "municipality": "GM0794"},
    ],
)
async def test_activity_is_filtered_in_both_directions(
    client: httpx2.AsyncClient, publish: Publish, query: dict[str, str]
) -> None:
    await publish(*NEWS, *NAMES, Change(AREA, code="PV30"))
    wanted = ActivityFilter(**query)
    expected = [
        position
        for position, event in enumerate(NEWS, 1)
        if wanted.accepts(tags_of(event.type, entry_of(event).concerns(event)))
    ]
    assert 0 < len(expected) < len(NEWS)
    assert await read_all(client, ACTIVITIES, "before", 2, **query) == expected[::-1]
    assert await read_all(client, ACTIVITIES, "after", 2, after="0", **query) == expected


async def test_a_filter_that_fits_nothing_gives_nothing(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*NEWS)
    assert await read_all(client, ACTIVITIES, "before", 2, theme="sociaal-ondernemen") == []


@pytest.mark.parametrize("path", [ACTIVITIES, f"{ACTIVITIES}/stream", TRIGGERS])
@pytest.mark.parametrize(
    "query",
    ["gemeente=GM0794", "theme=geluk", "type=nl.veerkracht.area.registered.v1", "after=-1", "after=x", "reason=zin"],
)
async def test_a_filter_that_is_not_understood_is_refused(client: httpx2.AsyncClient, path: str, query: str) -> None:
    answer = await client.get(f"{path}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


async def test_two_directions_at_once_and_a_cursor_from_elsewhere_are_refused(client: httpx2.AsyncClient) -> None:
    for path in (ACTIVITIES, TRIGGERS):
        assert (await client.get(f"{path}?before=3&after=1")).status_code == 400
    assert (await client.get(f"{ACTIVITIES}/stream?after=1")).status_code == 400
    assert (await client.get(f"{ACTIVITIES}/stream", headers={"Last-Event-ID": "7"})).status_code == 400
    assert (await client.get(f"{ACTIVITIES}/stream", headers={"Last-Event-ID": "x"})).status_code == 400


@pytest.mark.parametrize("path", [ACTIVITIES, f"{ACTIVITIES}/stream"])
@pytest.mark.parametrize("query", ["initiative=geen", "municipality=GM9999", "organisation=sociale-stad"])
async def test_a_filter_on_what_was_never_there_is_not_found(
    client: httpx2.AsyncClient, publish: Publish, path: str, query: str
) -> None:
    await publish(*NAMES, *NEWS)
    answer = await client.get(f"{path}?{query}")
    part, _, value = query.partition("=")
    assert (answer.status_code, answer.json()["type"]) == (404, f"urn:veerkracht:problem:unknown-{part}")
    assert value in answer.json()["detail"]
