"""What holds for every route of every service, of those that are still to come too."""

from collections import defaultdict

import httpx2
import pytest

from services.monitor.settings import MonitorSettings

from ....every_route import Way, apps, client, origin, ways

APPS = apps(MonitorSettings())
each_service = pytest.mark.parametrize("service", APPS)
AS_PROBLEM = "application/problem+json"


def of(service: str) -> list[Way]:
    return [way for way in ways() if way.service == service]


def there(way: Way) -> list[Way]:
    """All routes at this address."""
    return [one for one in ways() if one.path == way.path]


def possible(way: Way) -> set[str]:
    return {"OPTIONS"}.union(*(one.methods for one in there(way)))


def test_the_routes_of_all_services_are_found() -> None:
    found = defaultdict(list)
    for way in ways():
        found[way.service].append(way)
    assert len(found) == 5
    for service, routes in found.items():
        assert any(way.page for way in routes) and any(way.guarded for way in routes), service
        assert any(way.path == f"/{service}/v1/openapi.json" for way in routes)


@each_service
async def test_what_cannot_be_done_is_405_and_names_all_that_can(service: str) -> None:
    async with client(APPS[service]) as asking:
        for way in of(service):
            answer = await asking.request(min({"DELETE", "PATCH", "PUT"} - possible(way)), way.address)
            assert answer.status_code == 405, way
            assert set(answer.headers["allow"].split(", ")) == possible(way), way
            assert answer.headers["content-type"] == AS_PROBLEM
            options = await asking.options(way.address)
            assert (options.status_code, options.content) == (204, b""), way
            assert set(options.headers["allow"].split(", ")) == possible(way), way
            assert "access-control-allow-origin" not in options.headers


@each_service
async def test_a_page_of_another_origin_may_read_what_everybody_may_and_do_nothing(service: str) -> None:
    async with client(APPS[service]) as asking:
        for way in of(service):
            for method in ("GET", "POST"):
                asked = {"Origin": "https://elders.example", "Access-Control-Request-Method": method}
                answer = await asking.options(way.address, headers=asked)
                is_open = method == "GET" and way.api and any(one.reads and not one.guarded for one in there(way))
                assert answer.headers.get("access-control-allow-origin") == ("*" if is_open else None), (way, method)
                assert "access-control-allow-credentials" not in answer.headers
                if is_open:
                    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
                    accepted = answer.headers["access-control-allow-headers"].lower().split(", ")
                    assert {"last-event-id", "if-none-match"} <= set(accepted)
                    assert "authorization" not in accepted


@each_service
async def test_an_unknown_parameter_of_an_api_is_refused_with_those_that_are_known(service: str) -> None:
    async with client(APPS[service]) as asking:
        for way in of(service):
            for method in way.methods - {"HEAD"} if way.api else ():
                answer = await asking.request(method, f"{way.address}?onbekend={'' if method == 'POST' else 1}")
                assert (answer.status_code, answer.headers["content-type"]) == (400, AS_PROBLEM), way
                (error,) = answer.json()["errors"]
                assert (error["parameter"], error["in"]) == ("onbekend", "query")
                assert all(name in error["detail"] for name in way.known.names), way
                # That an error of what is open is open too is seen here; what is private or a command is not.
                is_open = method == "GET" and not way.guarded
                assert answer.headers.get("access-control-allow-origin") == ("*" if is_open else None), way
                exposed = answer.headers.get("access-control-expose-headers", "").lower()
                assert all((name in exposed) is is_open for name in ("link", "etag", "retry-after", "x-correlation-id"))


@each_service
async def test_a_parameter_that_is_no_list_is_given_once(service: str) -> None:
    async with client(APPS[service]) as asking:
        for way in of(service):
            for name in way.known.names - way.known.lists if way.api else ():
                answer = await asking.request(min(way.methods), f"{way.address}?{name}=1&{name}=1")
                assert answer.status_code == 400
                assert answer.json()["type"].endswith("repeated-parameter"), (way, name)


@each_service
async def test_a_slash_too_many_is_taken_off_for_pages_and_is_not_there_in_an_api(service: str) -> None:
    async with client(APPS[service]) as asking:
        for way in of(service):
            if way.path == "/":
                continue
            method = "HEAD" if way.reads else "POST"
            answer = await asking.request(method, f"{way.address}/?a=b%20c", headers={"Accept": "text/html"})
            if way.page:
                assert (answer.status_code, answer.headers["location"]) == (308, f"{way.address}?a=b%20c"), way
                assert (await asking.post(f"{way.address}/")).status_code == 404, way
            else:
                assert answer.status_code == 404, way
                assert answer.headers["content-type"].startswith(AS_PROBLEM if way.api else "text/html"), way


async def test_an_address_written_otherwise_is_not_there_in_dutch() -> None:
    """No 5xx, and never another host: `//elders.example/` is a path."""
    one_origin = origin(APPS)
    bare = [way.address.strip("/") for way in ways() if way.path != "/"]
    odd = [
        *("//", "/%2f", "/%00", "/%ff", "//elders.example/", "//elders.example//feeds/"),
        *(f"//{path}" for path in bare),
        *(f"/{path.upper()}" for path in bare),
    ]
    async with client(one_origin) as asking:
        for path in odd:
            url = httpx2.URL("http://test").copy_with(raw_path=path.encode())
            answer = await asking.get(url, headers={"Accept": "text/html"})
            assert answer.status_code == 404, path
            if answer.headers["content-type"] != AS_PROBLEM:
                assert '<html lang="nl">' in answer.text and answer.headers["vary"] == "Accept", path


@each_service
async def test_a_file_names_what_can_be_done_and_nothing_outside_is_served(service: str) -> None:
    async with client(APPS[service]) as asking:
        answer = await asking.put(f"/{service}/static/style.css")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        for path in ("", "../pages.py", "%2e%2e/pages.py", "..%2fpages.py", "%00", "x" * 5000):
            raw = f"/{service}/static/{path}".encode()
            answer = await asking.get(httpx2.URL("http://test").copy_with(raw_path=raw))
            assert answer.status_code == 404, path
            assert len(answer.text) < 1000
