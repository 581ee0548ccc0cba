"""What the monitor answers, as a controller reads it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

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
    bound: str | None = None


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


class Sums(msgspec.Struct, frozen=True):
    """What is shown of a sum: the mean of fewer than 100 scores in tenths."""

    respondents: int
    n: int
    mean: float | None
    bound: str | None
    numerator: int
    denominator: int
    share: float | None
    histogram: list[int]


@dataclass
class Total:
    """Our own sum of lines, each with its mean as it is shown: in thousandths."""

    respondents: int = 0
    n: int = 0
    numerator: int = 0
    denominator: int = 0
    thousandths: int = 0
    classes: Counter[int] = field(default_factory=Counter)

    def add(self, sign: int, line: Sums) -> None:
        """A line that comes, or goes."""
        self.respondents += sign * line.respondents
        self.n += sign * line.n
        self.numerator += sign * line.numerator
        self.denominator += sign * line.denominator
        self.thousandths += sign * line.n * round(1000 * (line.mean or 0))
        for number, people in enumerate(line.histogram):
            self.classes[number] += sign * people

    def is_shown_as(self, sums: Sums, *, from_nothing: bool) -> bool:
        """Whether it is this. A mean only when all of it was added here: that of a sum is rounded."""
        counts = (sums.respondents, sums.n, sums.numerator, sums.denominator)
        if counts != (self.respondents, self.n, self.numerator, self.denominator):
            return False
        share = round(self.numerator / self.denominator, 3) if self.denominator else None
        classes = {number: people for number, people in self.classes.items() if people}
        if sums.share != share or (sums.histogram and dict(enumerate(sums.histogram)) != classes):
            return False
        return not from_nothing or sums.mean == self._mean()

    def _mean(self) -> float | None:
        if not self.thousandths:
            return None
        mean = Fraction(self.thousandths, self.n)
        return floor(mean / 100 + Fraction(1, 2)) / 10 if self.n < 100 else round(mean) / 1000


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
    adds_up: bool
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
    adds_up: bool
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
    total, from_nothing = Total(), not found.start.respondents
    total.add(1, found.start)
    for move in found.contributions:
        total.add(move.sign, move.sums)
        assert move.running is not None
        assert total.is_shown_as(move.running, from_nothing=from_nothing), (total, move.running)
    assert total.is_shown_as(found.end, from_nothing=from_nothing), (total, found.end)
    assert (found.adds_up, found.next) == (True, None)
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
        assert page.adds_up
        found.update({(each.code, each.area, each.period): each for each in page.items})
        if page.next is None:
            return found
        query["after"] = page.next
