"""One origin: every service under its own name, with the same addresses, and Dutch pages."""

import pytest

from ..conftest import SERVICES
from .platform import Platform


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_answers_for_its_health_and_interface(platform: Platform, service: str) -> None:
    assert (await platform.client.get(f"/{service}/healthz")).json() == {"alive": True}
    assert (await platform.client.get(f"/{service}/readyz")).json() == {"ready": True, "problems": []}
    hidden = await platform.client.get(f"/{service}/metrics")
    assert (hidden.status_code, hidden.headers["content-type"]) == (404, "application/problem+json")
    assert "veerkracht_" not in hidden.text
    document = (await platform.client.get(f"/{service}/v1/openapi.json")).json()
    assert document["paths"]
    assert all(path.startswith(f"/{service}/v1/") for path in document["paths"])
    refusals = [o["responses"]["default"]["content"] for p in document["paths"].values() for o in p.values()]
    assert all("application/problem+json" in content for content in refusals)


@pytest.mark.parametrize("path", ["/", "/initiatieven", "/monitor", "/netwerk", "/financien", "/feeds", "/nieuwsbrief"])
async def test_a_page_is_dutch(platform: Platform, path: str) -> None:
    page = await platform.client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert '<html lang="nl">' in page.text


async def test_what_nobody_has_is_a_dutch_page_or_a_problem(platform: Platform) -> None:
    page = await platform.client.get("/bestaat-niet", headers={"Accept": "text/html"})
    assert (page.status_code, "Niet gevonden" in page.text) == (404, True)
    problem = await platform.client.get("/community/v1/bestaat-niet")
    assert problem.headers["content-type"] == "application/problem+json"
