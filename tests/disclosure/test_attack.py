"""Everything that is public together tells of no small group: each attack on all that can be read learns nothing.

That the attacks work is in test_controls.py.
"""

import re
from collections import defaultdict
from collections.abc import Callable

import pytest

from shared.contracts import PUBLIC_TOPICS

from .answers import XLSX, Surface
from .attacks import ATTACKS, Evidence
from .conftest import Besieged
from .interfaces import SERVICES, operations
from .worlds import FIRST, MEAN, SECOND

pytestmark = [pytest.mark.platform, pytest.mark.timeout(900)]

#: So much of what an attack learns is told.
_TOLD = 40

#: What everything must be of, or it was not everything: at least one of each, and how to know it.
KINDS: dict[str, Callable[[Surface], bool]] = {
    "figures": lambda surface: "/aggregates" in surface.name and any("n" in one for one in surface.objects),
    "figures, one by one filtered": lambda surface: "/aggregates?periodKind=" in surface.name,
    "the page after": lambda surface: "after=" in surface.name and surface.status == 200,
    "series": lambda surface: surface.name.partition("?")[0].endswith("/series") and _has(surface, "points"),
    "series in another division": lambda surface: "/series?" in surface.name and "indeling=" in surface.name,
    "maps": lambda surface: "/map?" in surface.name and _has(surface, "figure"),
    "explanations": lambda surface: "/explanation" in surface.name and _has(surface, "contributions"),
    "explanations until a publication": lambda surface: bool(re.search(r"/explanation\?.*to=\d", surface.name)),
    "explanations from an edition": lambda surface: f"/explanation?from={FIRST}" in surface.name,
    "editions as CSV": lambda surface: surface.name == f"GET /monitor/v1/editions/{SECOND}.csv" and bool(surface.rows),
    "editions as JSON": lambda surface: surface.name == f"GET /monitor/v1/editions/{FIRST}.json",
    "differences": lambda surface: f"{FIRST}/differences/{SECOND}" in surface.name and _has(surface, "before"),
    "differences as CSV": lambda surface: surface.name.endswith(f"{FIRST}/differences/{SECOND}.csv"),
    "lines": lambda surface: f"{FIRST}/differences/{SECOND}/lines" in surface.name and _has(surface, "sums"),
    "lines as CSV": lambda surface: surface.name.endswith("/lines.csv") and bool(surface.rows),
    "observations as CSV": lambda surface: surface.name == "GET /monitor/v1/observations.csv" and bool(surface.rows),
    "observations as a workbook": lambda surface: surface.media == XLSX and bool(surface.rows),
    "a dialogue": lambda surface: surface.name == "GET /community/v1/dialogues/drie" and surface.status == 200,
    "an event by itself": lambda surface: surface.name.startswith("GET /feeds/v1/events/") and surface.status == 200,
    "the feed as a stream": lambda surface: (
        surface.name.startswith("GET /feeds/v1/stream") and len(surface.objects) > 300
    ),
    "activity as a stream": lambda surface: "/activities/stream" in surface.name and bool(surface.objects),
    "maps as pages": lambda surface: f"/monitor/kaart?indicator={MEAN}" in surface.name and bool(surface.page),
    "explanations as pages": lambda surface: f"/monitor/waarom?indicator={MEAN}" in surface.name and bool(surface.page),
    "areas as pages": lambda surface: surface.name == "GET /monitor/gebieden/GM0758" and bool(surface.page),
    "dialogues as pages": lambda surface: surface.name == "GET /dialogen/drie" and bool(surface.page),
    "impact as a page": lambda surface: surface.name.startswith("GET /monitor/impact") and bool(surface.page),
    "differences as pages": lambda surface: f"/monitor/edities/{FIRST}/verschil/{SECOND}" in surface.name,
    "the page of imports": lambda surface: surface.name == "GET /monitor/waarnemingen" and bool(surface.page),
    "style": lambda surface: surface.media == "text/css",
    "what is not found": lambda surface: surface.status == 404,
    "what is refused": lambda surface: surface.status == 400,
    "what needs a token": lambda surface: surface.status == 401,
    "what a role may not": lambda surface: surface.status == 403 and surface.role is not None,
    "addresses of operators": lambda surface: surface.name == "GET /monitor/metrics",
}


def _has(surface: Surface, member: str) -> bool:
    return any(one.get(member) for one in surface.objects)


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_learns_nothing(evidence: Evidence, name: str) -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for finding in ATTACKS[name](evidence):
        place, mark, learnt = finding.partition(": ")
        places[learnt if mark else finding].append(place)
    told = [f"{learnt} ({len(where)} times, such as {where[0]})" for learnt, where in list(places.items())[:_TOLD]]
    if places:
        pytest.fail("\n".join([f"{len(places)} things are learnt, among them:", *told]), pytrace=False)


async def test_everything_was_read(besieged: Besieged) -> None:
    names = {surface.name for surface in besieged.surfaces if surface.objects}
    assert names >= {f"GET /{service}/v1/openapi.json" for service in SERVICES}
    assert names >= {f"topic {name}" for name in PUBLIC_TOPICS}
    assert [kind for kind, is_one in KINDS.items() if not any(map(is_one, besieged.surfaces))] == []


async def test_every_route_was_asked_and_answered(besieged: Besieged) -> None:
    """Or it says to whom it answers."""
    answered = {
        surface.name.removeprefix("GET ").partition("?")[0].partition(" ")[0]
        for surface in besieged.surfaces
        if surface.status in (200, 401)
    }
    documents = [one for one in besieged.surfaces if one.name.endswith("/v1/openapi.json")]
    routes = [route for document in documents for route in operations(document.objects[0])]
    assert len(routes) > 40
    paths = {route.path: re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route.path))) for route in routes}
    assert [path for path, form in paths.items() if not any(map(form.fullmatch, answered))] == []


async def test_what_was_read_is_understood(evidence: Evidence) -> None:
    """Figures, lines, rows and tables of pages: who finds none of them learns nothing for another reason."""
    knowledge = evidence.knowledge
    whence = {said.where.removeprefix("GET ").partition("?")[0] for said in knowledge.said}
    for place in (
        "/aggregates",
        "/map",
        "/series",
        "/explanation",
        f"{FIRST}.csv",
        f"{FIRST}.json",
        "topic",
        "/events",
    ):
        assert any(place in one for one in whence), place
    counts = [len(knowledge.known_lines), len(knowledge.rows), len(knowledge.written), len(knowledge.wholes)]
    assert min(counts) > 20, counts
    assert {bool(line.imported) for line in knowledge.known_lines} == {True, False}
    assert set(knowledge.editions) >= {FIRST, SECOND} and knowledge.newest > 10
