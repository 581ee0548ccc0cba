"""Commands on what the monitor measures: areas, indicators, learning keys, editions, files."""

import string
from datetime import date, timedelta

from ..asked import Asked, Json, Known, command
from ..dice import FIRST, LAST, Dice

V1 = "/monitor/v1"
TOPICS = (
    "ontmoeting",
    "burenhulp",
    "vertrouwen-in-elkaar",
    "vertrouwen-in-instanties",
    "gezond-voelen",
    "zelf-beslissen",
    "ondernemen-met-impact",
    "volhouden",
)
THEMES = ("verbinding", "vertrouwen", "gezondheid", "sociaal-ondernemen")
SOURCES = {"survey": "enquete", "ggd": "ggd", "open-data": "open-data"}
ABOVE = {"neighbourhood": "municipality", "municipality": "region", "region": "province", "province": None}
#: Days on which towns of ours end and others begin.
TURNS = (date(2018, 1, 1), date(2024, 2, 29), date(2026, 1, 1))
_HEADER = "indicator;versie;gebied;indeling;periode;bron;methode;waarde;standaardafwijking;teller;noemer;n;verdeling"


def day_of(value: object) -> date | None:
    """A day in a body."""
    return date.fromisoformat(value) if isinstance(value, str) else None


def exists(area: Json, on: date) -> bool:
    """Whether an area exists on a day."""
    since, until = day_of(area.get("validFrom")), day_of(area.get("validUntil"))
    return since is not None and since <= on and (until is None or on < until)


def areas_on(known: Known, level: str, on: date) -> list[str]:
    """The areas of a level that exist on a day."""
    return [code for code in known.ids("areas", level=level) if exists(known.of("areas")[code], on)]


def _code(dice: Dice) -> str:
    if dice.chance(0.5):
        return "GM" + "".join(dice.random.choices(string.digits, k=6))
    return dice.slug(32)


@command(f"{V1}/areas", "programme")
def area(dice: Dice, known: Known) -> Asked | None:
    """Mostly towns, some of which end or begin on the same day: those can merge."""
    level = dice.one(("municipality",) * 6 + ("neighbourhood",) * 4 + ("region", "province"))
    above = ABOVE[level]
    parents = known.ids("areas", level=above) if above else []
    parent = dice.one(parents[-8:] + parents[:4]) if parents else None
    first = known.of("areas").get(parent or "", {})
    since = day_of(first.get("validFrom")) or FIRST
    last = day_of(first.get("validUntil"))
    begins = dice.day(known.today, since=since, until=(last or LAST) - timedelta(days=1))
    ends = dice.day(known.today, since=begins + timedelta(days=1)) if dice.chance(0.2) else last
    waiting = [on for on in TURNS if len(_turned(known, on)[0]) > len(_turned(known, on)[1])]
    turn = dice.one(waiting or TURNS)
    if level == "municipality" and since < turn < (last or LAST):
        begins, ends = (turn, last) if waiting else (max(since, turn - timedelta(days=366)), turn)
    body: Json = {
        "code": (code := _code(dice)),
        "name": dice.line(),
        "level": level,
        "parent": parent,
        "validFrom": begins.isoformat(),
        "validUntil": ends.isoformat() if ends else None,
    }
    return Asked(f"{V1}/areas", body, "areas", code)


@command(f"{V1}/area-changes", "programme")
def area_change(dice: Dice, known: Known) -> Asked | None:
    """Towns that ended on a day became towns that exist from then on. Near it: another level or day."""
    turns = [turn for turn in TURNS if _turned(known, turn)[0]]
    if not turns:
        return None
    on = dice.one(turns)
    ended, begun = _turned(known, on)
    stayed = [
        code
        for code in areas_on(known, "municipality", on)
        if exists(known.of("areas")[code], on - timedelta(days=1))
    ]  # fmt: skip
    before, after, kind = [dice.one(ended)], [dice.one(stayed)], "merger"
    if len(begun) > 1 and dice.chance(0.5):
        after, kind = dice.some(begun, 3, least=2), "division"
    elif len(ended) > 1 and begun:
        before, after = dice.some(ended, 3, least=2), [dice.one(begun)]
    body: Json = {
        "id": (id_ := dice.slug()),
        "on": on.isoformat(),
        "kind": kind,
        "predecessors": before,
        "successors": after,
    }
    if dice.chance(0.15):
        body[dice.one(("predecessors", "successors"))] = [dice.one(known.ids("areas"))]
    elif dice.chance(0.1):
        body["on"] = dice.day(known.today).isoformat()
    return Asked(f"{V1}/area-changes", body, "area-changes", id_)


def _turned(known: Known, on: date) -> tuple[list[str], list[str]]:
    """The towns of ours that ended on a day and became nothing yet, and those that began then."""
    gone = {code for change in known.of("area-changes").values() for code in _codes(change, "predecessors")}
    day = on.isoformat()
    ended = known.ids("areas", level="municipality", validUntil=day)
    return [code for code in ended if code not in gone], known.ids("areas", level="municipality", validFrom=day)


def _codes(change: Json, field: str) -> list[str]:
    found = change[field]
    return [str(code) for code in found] if isinstance(found, list) else []


@command(f"{V1}/indicators", "programme")
def indicator(dice: Dice, known: Known) -> Asked | None:
    """Of each measure, on scales short and long."""
    measure = dice.one(("mean", "mean", "ratio", "count", "distribution"))
    units = {
        "mean": ("score-1-5", "score-1-5", "score-1-10", "score-0-10", "percentage", "uren"),
        "ratio": ("percentage",),
        "count": ("gemeenten", dice.line()),
        "distribution": ("score-1-5", "klassen"),
    }
    body: Json = {
        "code": (code := dice.slug()),
        "nameNl": dice.line(),
        "nameEn": dice.line(),
        "theme": dice.one(THEMES),
        "resourceFamily": dice.one(("personal", "social", "environment")),
        "unit": dice.one(units[measure]),
        "direction": dice.one(("higher-is-better", "lower-is-better")),
        "measure": measure,
        "owner": dice.one(known.ids("organisations")),
    }
    return Asked(f"{V1}/indicators", body, "indicators", code)


def versions_of(known: Known, code: str) -> list[Json]:
    """The versions of an indicator after its definition."""
    found = known.of("indicators")[code].get("versions")
    return found if isinstance(found, list) else []


@command(f"{V1}/indicators/{{code}}/versions", "programme")
def indicator_version(dice: Dice, known: Known) -> Asked | None:
    """The next version, from a later day on than the one before."""
    code = dice.one(known.ids("indicators"))
    versions = versions_of(known, code)
    last = day_of(versions[-1]["validFrom"]) if versions else None
    if last is not None and last >= date(2199, 12, 31):
        return None
    since = dice.day(known.today, since=last + timedelta(days=1) if last else date(2016, 1, 1))
    comparable = dice.chance(0.5)
    body: Json = {
        "version": len(versions) + 2,
        "title": dice.line(),
        "change": dice.text(),
        "validFrom": since.isoformat(),
        "comparable": comparable,
        "reason": None if comparable else dice.text(),
    }
    return Asked(f"{V1}/indicators/{code}/versions", body, "indicators", code, {"versions": [*versions, body]})


@command(f"{V1}/indicators/{{code}}/versions/{{number}}/corrections", "programme")
def correct_indicator_version(dice: Dice, known: Known) -> Asked | None:
    """Its title and text; often of the newest."""
    found = _some_version(dice, known)
    if found is None:
        return None
    path, there = found
    body: Json = {
        "version": there.get("revision", 1),
        "reason": "mistake",
        "title": dice.line(),
        "change": dice.text(),
        "validFrom": there["validFrom"],
        "comparable": there["comparable"],
        "notComparableBecause": None if there["comparable"] else dice.text(),
    }
    return Asked(f"{path}/corrections", body)


@command(f"{V1}/indicators/{{code}}/versions/{{number}}/withdrawal", "programme")
def withdraw_indicator_version(dice: Dice, known: Known) -> Asked | None:
    """Mostly one by which nothing is measured yet."""
    found = _some_version(dice, known)
    return found and Asked(f"{found[0]}/withdrawal", {"version": found[1].get("revision", 1), "reason": "mistake"})


def _some_version(dice: Dice, known: Known) -> tuple[str, Json] | None:
    """A last version of an indicator, and its address."""
    codes = [code for code in known.ids("indicators") if versions_of(known, code)]
    if not codes:
        return None
    code = dice.one(codes)
    last = versions_of(known, code)[-1]
    return f"{V1}/indicators/{code}/versions/{last['version']}", last


@command(f"{V1}/methods", "programme")
def method(dice: Dice, _: Known) -> Asked | None:
    """How something is measured."""
    body: Json = {"code": (code := dice.slug()), "name": dice.line()}
    return Asked(f"{V1}/methods", body, "methods", code)


@command(f"{V1}/learning-keys", "programme")
def learning_key(dice: Dice, known: Known) -> Asked | None:
    """The next version: from one topic to all."""
    # The number of one that was withdrawn is not used again.
    version = max((int(number) for number in known.of("learning-keys")), default=0) + dice.one((1, 1, 1, 1, 2))
    scored = known.ids("indicators", measure="mean", unit="score-1-5")
    topics = dice.some(TOPICS, len(TOPICS), least=4)
    body: Json = {
        "version": version,
        "validFrom": dice.day(known.today, since=date(2017, 1, 1)).isoformat(),
        "mappings": [{"topic": topic, "indicator": dice.one(scored)} for topic in topics],
    }
    return Asked(f"{V1}/learning-keys", body, "learning-keys", str(version))


@command(f"{V1}/baseline-facts", "programme")
def baseline_fact(dice: Dice, known: Known) -> Asked | None:
    """With percentages at their ends, and without any."""
    low, high = sorted((dice.number(0, 100), dice.number(0, 100)))
    body: Json = {
        "id": (id_ := dice.slug()),
        "statement": dice.text(),
        "theme": dice.one((*THEMES, None)),
        "areas": dice.some(known.ids("areas"), 100),
        "lowPercent": dice.one((low, None)),
        "highPercent": dice.one((high, None)),
        "count": dice.one((0, 1, 10**9, None)),
        "period": dice.one(("2016", "2016-Q1", "2016-02", dice.line())),
        "source": dice.line(),
        "paragraph": dice.line(),
    }
    return Asked(f"{V1}/baseline-facts", body, "baseline-facts", id_)


@command(f"{V1}/editions", "programme")
def edition(dice: Dice, _: Known) -> Asked | None:
    """Of now, of the beginning, and of a moment."""
    body: Json = {"id": (id_ := f"e{dice.slug(40)}"), "title": dice.line()}
    if dice.chance(0.3):
        body["publication"] = dice.one((0, 0, 1, 10**15))
    elif dice.chance(0.3):
        body["at"] = dice.one(("1900-01-01T00:00:00Z", "2026-11-24T09:00:00+14:00", "2016-02-29T23:59:59.999999Z"))
    return Asked(f"{V1}/editions", body, "editions", id_)


@command(f"{V1}/observations", "programme")
def observations(dice: Dice, known: Known) -> Asked | None:
    """A file of rows at the edges, of one indicator in one year; sometimes with a row that is wrong."""
    code = dice.one(known.ids("indicators"))
    year = dice.one((2016, 2018, 2024, known.today.year))
    inside = (date(year, 1, 1), date(year, 12, 31))
    areas = [
        each
        for each in known.ids("areas", level="municipality")
        if all(exists(known.of("areas")[each], day) for day in inside)
    ]
    version = 1 + sum(
        since is not None and since <= inside[1]
        for since in (day_of(each.get("validFrom")) for each in versions_of(known, code))
    )
    methods = known.ids("methods")[:-2]  # others may be withdrawn
    if not areas or not methods:
        return None
    rows = [
        f"{code};{version};{area};{year};{year};{dice.one(tuple(SOURCES.values()))};{dice.one(methods)};"
        + _figure(dice, known.of("indicators")[code])
        for area in dice.some(areas, 20)
    ]
    good = dice.chance(0.3)
    if good:
        rows.append(dice.one((rows[0], rows[0].replace(f";{year};", ";0202;"), "=1+1;;;;;;;;;;;;", ";" * 12, "x")))
    text = "\n".join((_HEADER, *rows))
    params = {"bestandsnaam": f"{dice.line()[:60]}.csv", **({"goedeRijen": "true"} if good else {})}
    return Asked(f"{V1}/observations", kind="imports", content=text.encode(), params=params)


def _figure(dice: Dice, known: Json) -> str:
    """waarde;standaardafwijking;teller;noemer;n;verdeling."""
    people = dice.number(1, 1_000_000)
    match known.get("measure"):
        case "ratio":
            return f";;{dice.number(0, people)};{people};;"
        case "count":
            return f";;{dice.number(0, 10**9)};;;"
        case "distribution":
            return ";;;;;" + "|".join(str(dice.number(0, 1000)) for _ in range(5))
        case _:
            value = dice.one(("1", "5", "3,141593", "2,5", "4,999999"))
            return f"{value};{dice.one(('', '0', '0,8'))};;;{people};"
