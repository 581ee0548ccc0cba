"""The crawler sees what is wrong, in a small service that has each fault once, and nothing in one that is right."""

from datetime import date

import httpx2
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse

from .asked import Known
from .crawler import Crawler
from .dice import Dice
from .routes import Route


def _service(*, right: bool) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def home() -> HTMLResponse:
        links = ["/lijst#boven", "/v1/dingen"] + ([] if right else ["/weg", "/stuk"])
        return HTMLResponse("".join(f'<a href="{link}">x</a>' for link in links) + '<a href="mailto:a@b.example">x</a>')

    @app.get("/lijst")
    def listed() -> HTMLResponse:
        return HTMLResponse('<a href="https://elders.example/x">x</a><img src="/v1/dingen">')

    @app.get("/stuk")
    def broken() -> Response:
        return Response("Internal Server Error", 500)

    @app.get("/v1/dingen")
    def things() -> JSONResponse:
        return JSONResponse({"items": [{"href": "/lijst" if right else "/v1/niets"}], "name": "/geen/adres/"})

    @app.get("/v1/niets")
    def nothing() -> JSONResponse:
        return JSONResponse({"detail": "Not Found"}, 404)

    @app.get("/v1/half")
    def half() -> JSONResponse:
        body = {"type": "urn:x", "title": "x", "detail": "x", "status": 400} if right else {"status": 400}
        return JSONResponse(body, 400, media_type="application/problem+json")

    return app


async def _crawled(service: FastAPI) -> list[str]:
    transport = httpx2.ASGITransport(app=service)
    routes = [Route("GET", path, (), {}, page="/v1/" not in path) for path in ("/", "/v1/half")]
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        crawler = Crawler(client, {"programme": "x", "operator": "x"}, Dice(1))
        await crawler.round(routes, Known(date(2026, 11, 28)), times=1, follow=10)
    return sorted(crawler.wrong)


async def test_a_service_that_is_right_has_nothing_wrong() -> None:
    assert await _crawled(_service(right=True)) == []


async def test_control_every_fault_is_seen() -> None:
    wrong = "\n".join(await _crawled(_service(right=False)))
    assert "GET /stuk (page): 500" in wrong
    assert "GET /weg: 404, and / links to it" in wrong
    assert "GET /v1/niets: 404, and /v1/dingen links to it" in wrong
    assert "GET /v1/niets (API): 404 as application/json" in wrong
    assert "GET /v1/half (API): a problem without type, title, detail" in wrong


async def test_control_what_was_accepted_and_is_not_there_is_seen() -> None:
    known = Known(date(2026, 11, 28))
    known.keep("goals", "verdwenen", {})
    transport = httpx2.ASGITransport(app=_service(right=True))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        crawler = Crawler(client, {"programme": "x"}, Dice(1))
        await crawler.round([], known, times=1, follow=0)
    assert [line for line in crawler.wrong if "it was accepted" in line] == [
        "GET /monitor/v1/impact/goals/verdwenen: 404, and it was accepted"
    ]
