"""What the monitor answers, as a controller reads it."""

from collections.abc import Iterable, Sequence

import msgspec

from shared.contracts.envelope import CloudEvent

from .platform import Json, Platform, until

#: On a machine that others need, everything but the order takes its time.
PATIENCE = 120.0


class Figure(msgspec.Struct, frozen=True):
    n: int | None
    mean: float | None
    numerator: int | None
    denominator: int | None
    share: float | None


class Point(msgspec.Struct, frozen=True):
    """A figure of a period, or of an area on the map."""

    figure: Figure | None
    parts: list[str]
    reason: str | None
    period: str = ""
    area: str = ""


class Series(msgspec.Struct, frozen=True):
    source: str
    points: list[Point]


class AreaSeries(msgspec.Struct, frozen=True):
    series: list[Series]


class Map(msgspec.Struct, frozen=True):
    areas: list[Point]


class Error(msgspec.Struct, frozen=True):
    line: int
    column: str | None
    value: str | None
    reason: str


class Import(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    steps_left: int
    state: str
    stored: int
    replaced: int
    unchanged: int
    refused: int
    errors: list[Error] = []


class Sums(msgspec.Struct, frozen=True, rename="camel"):
    respondents: int
    n: int
    sum_millionths: int
    numerator: int
    denominator: int
    histogram: list[int]

    def plus(self, sign: int, other: "Sums") -> "Sums":
        """The sums of both, or of this without the other; a class with nobody in it is none."""
        size = max(len(self.histogram), len(other.histogram))
        mine, theirs = ([*one.histogram, *[0] * (size - len(one.histogram))] for one in (self, other))
        classes = [a + sign * b for a, b in zip(mine, theirs, strict=True)]
        return Sums(
            self.respondents + sign * other.respondents,
            self.n + sign * other.n,
            self.sum_millionths + sign * other.sum_millionths,
            self.numerator + sign * other.numerator,
            self.denominator + sign * other.denominator,
            classes if any(classes) else [],
        )


class Move(msgspec.Struct, frozen=True):
    """A line that came or went; `running` is there in an explanation."""

    publication: int
    reason: str
    sign: int
    indicator: str
    sums: Sums
    events: list[str]
    running: Sums | None = None


class Explanation(msgspec.Struct, frozen=True, rename="camel"):
    start: Sums
    end: Sums
    sums_exactly: bool
    contributions: list[Move]
    next: str | None


class Lines(msgspec.Struct, frozen=True):
    items: list[Move]
    next: str | None


class Difference(msgspec.Struct, frozen=True):
    code: str
    source: str
    area: str
    period: str
    before: Sums
    after: Sums
    explanation: str | None


class Differences(msgspec.Struct, frozen=True, rename="camel"):
    sums_exactly: bool
    items: list[Difference]
    next: str | None


async def record(platform: Platform, path: str, body: Json) -> bytes:
    """Post a command as the programme team; it must be new."""
    answer = await platform.post("programme", path, body)
    assert answer.status_code == 201, answer.text
    return answer.content


async def offer(platform: Platform, name: str, lines: Sequence[str], **options: str) -> Import:
    """Offer a file of observations, and follow it until it is refused or all of it is public."""
    headers = {"Authorization": f"Bearer {platform.tokens['programme']}"}
    answer = await platform.client.post(
        "/monitor/v1/observations",
        params={"bestandsnaam": name, **options},
        content="\n".join(lines).encode(),
        headers={**headers, "Content-Type": "text/csv"},
    )
    assert answer.status_code == 202, answer.text

    async def read() -> Import:
        found = await platform.client.get(answer.headers["location"], headers=headers)
        return msgspec.json.decode(found.content, type=Import)

    return await until(read, lambda found: found.state != "reading" and not found.steps_left, PATIENCE)


async def series(platform: Platform, code: str, area: str, source: str, **query: str) -> dict[str, Point]:
    """An indicator in an area through time, by period."""
    path = f"/monitor/v1/indicators/{code}/areas/{area}/series"
    answer = await platform.client.get(path, params={"source": source, **query})
    found = msgspec.json.decode(answer.content, type=AreaSeries).series
    return {point.period: point for one in found for point in one.points}


async def municipalities(platform: Platform, code: str, period: str, source: str, **query: str) -> dict[str, Point]:
    """The map, by municipality."""
    answer = await platform.client.get(
        f"/monitor/v1/indicators/{code}/map", params={"period": period, "source": source, **query}
    )
    return {point.area: point for point in msgspec.json.decode(answer.content, type=Map).areas}


async def explained(platform: Platform, path: str, **query: str) -> Explanation:
    """Why a figure is what it is; what is told must add up, by our own sum too."""
    answer = await platform.client.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    found = msgspec.json.decode(answer.content, type=Explanation)
    running = found.start
    for move in found.contributions:
        running = running.plus(move.sign, move.sums)
        assert move.running == running
    assert (found.sums_exactly, found.next, found.end) == (True, None, running)
    return found


async def edition(platform: Platform, name: str) -> tuple[bytes, bytes]:
    """The files of an edition: CSV and JSON."""
    files = [await platform.client.get(f"/monitor/v1/editions/{name}.{kind}") for kind in ("csv", "json")]
    assert [file.status_code for file in files] == [200, 200], files[0].text
    return files[0].content, files[1].content


async def published(platform: Platform, *subjects: str) -> list[CloudEvent]:
    """Wait until the public feed tells of all these."""

    async def read() -> list[CloudEvent]:
        return [msgspec.json.decode(value, type=CloudEvent) for value in await platform.pull()]

    return await until(read, lambda found: set(subjects) <= {event.subject for event in found}, PATIENCE)


async def in_feed(platform: Platform, events: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Wait until the feed has each of these events; what they say: subject and type."""
    found = {}
    for id_ in events:

        async def read(path: str = f"/feeds/v1/events/{id_}") -> bytes:
            answer = await platform.client.get(path)
            return answer.content if answer.status_code == 200 else b""

        event = msgspec.json.decode(await until(read, bool, PATIENCE), type=CloudEvent)
        found[id_] = event.subject, event.type
    return found


async def differences(platform: Platform, older: str, newer: str) -> dict[tuple[str, str, str], Difference]:
    """Every figure of an indicator that changed, by code, area and period."""
    found: dict[tuple[str, str, str], Difference] = {}
    query = {"kind": "indicator", "limit": "100"}
    while True:
        answer = await platform.client.get(f"/monitor/v1/editions/{older}/differences/{newer}", params=query)
        page = msgspec.json.decode(answer.content, type=Differences)
        assert page.sums_exactly
        found.update({(each.code, each.area, each.period): each for each in page.items})
        if page.next is None:
            return found
        query["after"] = page.next
