"""What may be left empty, added by a campaign, or wrong in the query of every route of every service."""

from collections.abc import Callable

import httpx2
import pytest

from ....every_route import Way, ways

Server = tuple[str, int]
#: Those of the monitor are asked over its figures, in tests/monitor/pages.
PAGES = [way for way in ways() if way.page and "{" not in way.path and way.service != "monitor"]
ROLES = ("programme", "community", "finance", "operator")


@pytest.fixture
def asking(server: Server, bearer: Callable[..., dict[str, str]]) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=f"http://{server[0]}:{server[1]}", headers=bearer(*ROLES), timeout=30)


def test_a_page_of_one_thing_has_no_choices_that_nobody_tries() -> None:
    of_one_thing = [way for way in ways() if way.page and "{" in way.path and way.service != "monitor"]
    assert [way for way in of_one_thing if way.known.names] == []


async def test_a_page_leaves_out_what_is_unknown_and_says_so(asking: httpx2.AsyncClient) -> None:
    async def see(query: str) -> str:
        answer = await asking.get(f"{way.path}?{query}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, (way, query)
        return answer.text

    assert any(way.known.names for way in PAGES)
    for way in PAGES:
        plain = await see("")
        assert await see("utm_source=brief&gclid=1&fbclid=2&mc_cid=3&gad_source=1&srsltid=a") == plain, way
        assert "Onbekende keuze “onbekend=1” is niet gebruikt." in await see("onbekend=1"), way
        for name in way.known.names:
            assert await see(f"{name}=") == plain, (way, name)
            assert f"Onbekende keuze “{name}=~onzin” is niet gebruikt" in await see(f"{name}=~onzin"), (way, name)


async def test_an_empty_parameter_of_an_api_is_not_given(asking: httpx2.AsyncClient) -> None:
    def without_time(answer: httpx2.Response) -> tuple[int, str]:
        # A workbook says when it was made.
        return answer.status_code, "" if answer.content.startswith(b"PK") else answer.text

    reading = [way for way in ways() if way.api and way.reads and not way.path.endswith("stream")]
    assert sum(bool(way.known.names) for way in reading) > 10
    for way in reading:
        if way.known.names:
            plain = await asking.get(way.address)
            empty = await asking.get(f"{way.address}?{'&'.join(f'{name}=' for name in sorted(way.known.names))}")
            assert without_time(empty) == without_time(plain), way


#: Filters on a registered thing, by their names in all services: nothing is registered here.
THINGS = ("municipality", "area", "initiative", "organisation", "indicator", "code")


def filters(way: Way) -> list[str]:
    """The parameters of a list that name a registered thing."""
    return [name for name in way.known.names if name in THINGS]


async def test_a_filter_on_what_was_never_there_is_refused(asking: httpx2.AsyncClient) -> None:
    # Of two editions there is nothing to filter here: tests/monitor/differences.
    lists = [way for way in ways() if way.api and way.reads and filters(way) and "{older}" not in way.path]
    assert len(lists) > 8
    more = {"shares-of-municipalities": "&source=survey&period=2019&atLeast=1", "comparison": "&period=2019"}
    for way in lists:
        for name in filters(way):
            required = next((text for part, text in more.items() if part in way.path), "")
            answer = await asking.get(f"{way.address}?{name}=niemand-kent-dit{required}")
            assert answer.status_code == 404, (way, name, answer.text)
            assert "niemand-kent-dit" in answer.json()["detail"], (way, name)
