"""Reads the programme's data files, checks that they agree with each other, and posts them."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

Record = dict[str, Any]
Data = dict[str, list[Record]]

FOLDER = Path(__file__).parent / "data"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
DOCUMENT_DATE = "2017-06-01"  # the geography of the programme document
MUNICIPALITIES = {
    "2016-06-01": 66,
    "2017-06-01": 64,
    "2018-01-01": 64,
    "2019-06-01": 62,
    "2021-06-01": 61,
    "2022-06-01": 56,
    "2026-11-01": 56,
}
TOTALS = {"2017": 5_600_000_00, "2018-2019": 11_200_000_00}


class LoadError(Exception):
    """The programme could not be loaded. The message says which record or service is the cause."""


class File(NamedTuple):
    name: str
    path: str
    role: str
    id_field: str = "id"


FILES = (
    File("areas", "/monitor/v1/areas", "programme", "code"),
    File("area-changes", "/monitor/v1/area-changes", "programme"),
    File("indicators", "/monitor/v1/indicators", "programme", "code"),
    File("methods", "/monitor/v1/methods", "programme", "code"),
    File("learning-keys", "/monitor/v1/learning-keys", "programme", "version"),
    File("baseline-facts", "/monitor/v1/baseline-facts", "programme"),
    File("organisations", "/community/v1/organisations", "community"),
    File("initiatives", "/initiatives/v1/initiatives", "programme"),
    File("budget-lines", "/finance/v1/budget-lines", "finance"),
    File("capacity-shares", "/finance/v1/capacity-shares", "finance"),
    File("findings", "/finance/v1/findings", "finance"),
    File("programme-areas", "/monitor/v1/impact/programme-areas", "programme", "area"),
    File("goals", "/monitor/v1/impact/goals", "programme"),
    File("instruments", "/monitor/v1/impact/instruments", "programme"),
    File("instrument-evidence", "/monitor/v1/impact/instrument-evidence", "programme"),
    File("editions", "/monitor/v1/editions", "programme"),
)


def read(folder: Path = FOLDER) -> Data:
    return {file.name: json.loads((folder / f"{file.name}.json").read_text("utf-8")) for file in FILES}


def codes(areas: list[Record], level: str, on: str | None = None) -> set[str]:
    """Codes of the areas of a level, all of them or those that exist on a date (ISO dates sort as text)."""
    return {
        area["code"]
        for area in areas
        if area["level"] == level and (on is None or area["validFrom"] <= on < (area["validUntil"] or "9999-12-31"))
    }


def problems(data: Data) -> list[str]:
    """Everything in which the files contradict themselves, each other or the document's totals."""
    return [
        *id_problems(data),
        *area_problems(data),
        *reference_problems(data),
        *impact_problems(data),
        *money_problems(data),
    ]


def id_problems(data: Data) -> Iterator[str]:
    for file in FILES:
        ids = [str(record[file.id_field]) for record in data[file.name]]
        yield from (f"{file.name}: {id} stands there {n} times" for id, n in Counter(ids).items() if n > 1)
        if file.name not in ("areas", "programme-areas"):
            yield from (f"{file.name}: {id!r} is not a slug" for id in ids if not SLUG.fullmatch(id))


def area_problems(data: Data) -> Iterator[str]:
    areas = data["areas"]
    for day, expected in MUNICIPALITIES.items():
        if (found := len(codes(areas, "municipality", day))) != expected:
            yield f"areas: {found} municipalities on {day}, expected {expected}"
    parent_level = {"municipality": "region", "region": "province"}
    for area in areas:
        level = parent_level.get(area["level"])
        if area["parent"] not in (codes(areas, level) if level else {None}):
            yield f"areas: {area['code']} has no parent {area['parent']}"
    ended = {(area["code"], area["validUntil"]) for area in areas if area["validUntil"]}
    changes = data["area-changes"]
    explained = {(code, change["on"]) for change in changes for code in change["predecessors"]}
    yield from (f"area-changes: {code} on {day} is in one file only" for code, day in ended ^ explained)
    for change in changes:
        for code in set(change["successors"]) - codes(areas, "municipality", change["on"]):
            yield f"area-changes: {change['id']}: {code} does not exist on {change['on']}"


def reference_problems(data: Data) -> Iterator[str]:
    areas = data["areas"]
    regions, then = codes(areas, "region"), codes(areas, "municipality", DOCUMENT_DATE)
    indicators = {indicator["code"] for indicator in data["indicators"]}
    organisations = {organisation["id"] for organisation in data["organisations"]}

    def unknown(owner: str, named: list[str], known: set[str]) -> Iterator[str]:
        yield from (f"{owner}: {name} is unknown" for name in named if name not in known)

    for key in data["learning-keys"]:
        yield from unknown("learning-keys", [m["indicator"] for m in key["mappings"]], indicators)
    for fact in data["baseline-facts"]:
        yield from unknown(fact["id"], fact["areas"], codes(areas, "province") | regions | then)
    for initiative in data["initiatives"]:
        yield from unknown(initiative["id"], initiative["municipalities"], then)
        yield from unknown(initiative["id"], initiative["regions"], regions)
        yield from unknown(initiative["id"], initiative["partners"], organisations)
        if ("cross-over" in initiative["lines"]) != bool(initiative["crossOvers"]):
            yield f"{initiative['id']}: lines and crossOvers disagree"


def impact_problems(data: Data) -> Iterator[str]:
    """Goals and instruments that name what is not there, or no paragraph."""
    areas = {area["code"] for area in data["areas"]}
    indicators = {indicator["code"] for indicator in data["indicators"]}
    initiatives = {initiative["id"] for initiative in data["initiatives"]}
    instruments = {instrument["id"] for instrument in data["instruments"]}
    for place in data["programme-areas"]:
        if place["area"] not in areas:
            yield f"programme-areas: {place['area']} is unknown"
    for goal in data["goals"]:
        measure = goal["measure"] or {"indicator": None, "area": None}
        if measure["indicator"] not in indicators | {None} or measure["area"] not in areas | {None}:
            yield f"goals: {goal['id']} is measured by what is unknown"
        if goal["initiative"] not in initiatives | {None}:
            yield f"goals: {goal['id']}: {goal['initiative']} is unknown"
        if not goal["paragraph"]:
            yield f"goals: {goal['id']} has no paragraph"
    for evidence in data["instrument-evidence"]:
        if evidence["instrument"] not in instruments or evidence["initiative"] not in initiatives | {None}:
            yield f"instrument-evidence: {evidence['id']} is of what is unknown"


def money_problems(data: Data) -> Iterator[str]:
    amounts = Counter[str]()
    room = Counter[tuple[str, str]]()
    for line in data["budget-lines"]:
        for amount in line["amounts"]:
            amounts[amount["period"]] += amount["amountCents"]
            room[line["performance"], amount["period"]] += amount["amountCents"]
    if amounts != TOTALS:
        yield f"budget-lines: the totals are {dict(amounts)}, expected {TOTALS}"
    for share in data["capacity-shares"]:
        room[share["performance"], share["period"]] -= share["amountCents"]
    yield from (f"capacity-shares: {key} exceeds its lines" for key, left in room.items() if left < 0)


def load(url: str, tokens: Mapping[str, str], *, wait: float = 60, say: Callable[[str], None] = print) -> None:
    """Post every file in order. Safe to repeat: what is already there stays as it is."""
    data = read()
    if found := problems(data):
        raise LoadError("; ".join(found))
    if missing := sorted({file.role for file in FILES} - set(tokens)):
        raise LoadError(f"no token for {', '.join(missing)}")
    municipalities = len(codes(data["areas"], "municipality"))
    with httpx2.Client(base_url=url, timeout=30) as client, ThreadPoolExecutor(8) as pool:
        for file in FILES:
            if file.name == "initiatives":
                await_directory(client, "initiatives", "municipality", municipalities, wait)
                await_directory(client, "initiatives", "organisation", len(data["organisations"]), wait)
            if file.name == "goals":
                await_initiatives(client, len(data["initiatives"]), wait)
            statuses = Counter[int]()
            # A region needs its province and a municipality its region: one level after the other.
            for _, level in groupby(data[file.name], key=lambda record: record.get("level")):
                statuses.update(pool.map(lambda record, f=file: post(client, tokens, f, record), level))
            say(f"{file.name}: {statuses[201]} new, {statuses[200]} already there")
        await_directory(client, "community", "municipality", municipalities, wait)
        await_directory(client, "finance", "initiative", len(data["initiatives"]), wait)


def post(client: httpx2.Client, tokens: Mapping[str, str], file: File, record: Record) -> int:
    id = record[file.id_field]
    # Ids are ours: posting again is harmless, and its 200 tells what was there already.
    headers = {"Authorization": f"Bearer {tokens[file.role]}"}
    try:
        response = client.post(file.path, json=record, headers=headers)
    except httpx2.HTTPError as error:
        raise LoadError(f"{file.name}: {id}: {type(error).__name__} {error}") from error
    if response.status_code not in (200, 201):
        raise LoadError(f"{file.name}: {id}: HTTP {response.status_code}: {response.text[:1000]}")
    return response.status_code


def await_directory(client: httpx2.Client, service: str, kind: str, expected: int, wait: float) -> None:
    """Wait until a service has learnt, by Kafka, of what another one registered."""
    address = f"/{service}/v1/directory/{kind}"
    await_total(client, address, lambda answer: int(answer["total"]), expected, wait)


def await_initiatives(client: httpx2.Client, expected: int, wait: float) -> None:
    """Wait until the monitor has learnt of the initiatives: its goals name them."""
    address = "/monitor/v1/impact/initiatives?limit=200"
    await_total(client, address, lambda answer: len(answer["items"]), expected, wait)


def await_total(
    client: httpx2.Client, address: str, total_of: Callable[[Any], int], expected: int, wait: float
) -> None:
    """Wait until an answer has as many as expected."""
    deadline = time.monotonic() + wait
    seen = "no answer"
    while True:
        try:
            response = client.get(address)
            seen = f"HTTP {response.status_code}"
            if response.status_code == httpx2.codes.OK:
                total = total_of(response.json())
                if total >= expected:
                    return
                seen = f"{total} of {expected}"
        except httpx2.TransportError as error:
            seen = f"{type(error).__name__} {error}"
        except (KeyError, TypeError, ValueError) as error:
            raise LoadError(f"{address} is not what it was") from error
        if time.monotonic() >= deadline:
            raise LoadError(f"after {wait:g} s {address} has {seen}")
        time.sleep(0.2)
