"""Values for parameters of what is read: of what is there, at the edges, and of what is not there."""

import string
from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode

from .asked import Known
from .commands.impact import PERIODS
from .commands.monitor import THEMES
from .dice import DAYS, Dice
from .routes import Parameter, Route

Values = Callable[[Known], Sequence[object]]
_YEARS = (1, 1899, 1900, 2015, 2016, 2017, 2019, 2026, 2199, 2200, 9999)
_NUMBERS = (0, 1, 2, 3, 10**6)
_NOBODY = ("bestaat-niet", "GM9998", "x" * 64)


def _ids(kind: str) -> Values:
    # The newest are the ones that nobody looked at before.
    return lambda known: (*known.ids(kind)[-12:], *known.ids(kind)[:6], *list(known.of(kind))[-3:])


def _fixed(*values: object) -> Values:
    return lambda _: values


_KINDS = ("neighbourhood", "municipality", "region", "province", "organisation", "initiative", "bestaat-niet")
_TYPES = (
    "nl.veerkracht.area.registered.v1",
    "nl.veerkracht.dialogue.held.v1",
    "nl.veerkracht.bestaat-niet.v1",
)
#: By name, in paths and in queries. A name that stands for two things is told apart by its path.
_VALUES: dict[str, Values] = {
    "area": _ids("areas"),
    "gebied": _ids("areas"),
    "gemeente": _ids("areas"),
    "municipality": _ids("areas"),
    "change": _ids("area-changes"),
    "code": _ids("indicators"),
    "indicator": _ids("indicators"),
    "version": _fixed(1, 2, 3, 10_000),
    "method": _ids("methods"),
    "fact": _ids("baseline-facts"),
    "key": _fixed(1, 2, 3),
    "edition": _ids("editions"),
    "older": _ids("editions"),
    "newer": _ids("editions"),
    "goal": _ids("goals"),
    "outcome": _ids("outcomes"),
    "assessment": _ids("assessments"),
    "instrument": _ids("instruments"),
    "initiative": _ids("initiatives"),
    "initiatief": _ids("initiatives"),
    "organisation": _ids("organisations"),
    "organisatie": _ids("organisations"),
    "dialogue": _ids("dialogues"),
    "line": _ids("budget-lines"),
    "commitment": _ids("commitments"),
    "event": _ids("events"),
    "id": _ids("imports"),
    "letter": _fixed(*_NUMBERS),
    "thema": _fixed(*THEMES, "", "bestaat-niet"),
    "period": _fixed(*PERIODS, "1000", "2999-12"),
    "periode": _fixed(*PERIODS, "", "0202", "2999-12", "volgend jaar"),
    "maand": _fixed("1900-01", "2026-11", "2199-12", "2026", "", "0202-01"),
    "since": _fixed(*PERIODS),
    "sinds": _fixed(*PERIODS, "", "0202"),
    "from": _fixed(*PERIODS, *_NUMBERS, *(day.isoformat() for day in DAYS)),
    "to": _fixed(*PERIODS, *_NUMBERS, *(day.isoformat() for day in DAYS)),
    "van": lambda known: (*_NUMBERS, *known.ids("editions")[-4:], "2026-11-24", "0202-01-01", ""),
    "tot": lambda known: (*_NUMBERS, *known.ids("editions")[-4:], "2026-11-24", "0202-01-01", ""),
    "on": _fixed("0001-01-01", "9999-12-31", *(day.isoformat() for day in DAYS)),
    "op": _fixed("0001-01-01", "9999-12-31", "", *(day.isoformat() for day in DAYS)),
    "indeling": _fixed(*_YEARS, "", "nu"),
    "bron": _fixed("dialoog", "enquete", "ggd", "open-data", "", "bestaat-niet"),
    "source": _fixed("dialogue", "survey", "ggd", "open-data", "urn:nld:oin:00000099000000001000:systeem:monitor"),
    "per": _fixed("jaar", "kwartaal", "maand", "", "eeuw"),
    "kind": _fixed(*_KINDS),
    "type": _fixed(*_TYPES),
    "subject": lambda known: [f"area/{code}" for code in (*known.ids("areas")[-3:], "bestaat-niet")],
    "after": _fixed("", "0", "1", "1000", "bestaat-niet", "zz", "2099.zz"),
    "lastEventId": _fixed("0", "1", "", "x"),
    "before": _fixed(*_NUMBERS, 2**62),
    "voor": _fixed(*_NUMBERS, "", "x"),
    "na": _fixed("", "0", "bestaat-niet"),
    "atLeast": _fixed("0", "-1", "3.5", "999999999.999999"),
    "atMost": _fixed("0", "-1", "3.5", "999999999.999999"),
}
_OF_PATH: dict[tuple[str, str], Values] = {
    ("/monitor/gebieden/{code}", "code"): _ids("areas"),
    ("/monitor/v1/areas", "code"): _ids("areas"),
    ("/monitor/v1/aggregates", "kind"): _fixed("indicator", "theme"),
    ("/feeds/v1/events", "source"): _fixed("urn:nld:oin:00000099000000001000:systeem:monitor", "x"),
}
_LETTERS = string.ascii_letters + string.digits + "-._~"


def values_of(route: Route, parameter: Parameter) -> Values | None:
    """Where its values come from; None when nobody said."""
    schema = parameter.schema
    within = next((v for (path, name), v in _OF_PATH.items() if name == parameter.name and path == route.path), None)
    if within is not None:
        return within
    if "enum" in schema:
        return _fixed(*schema["enum"], "bestaat-niet")
    if schema.get("type") == "boolean":
        return _fixed("true", "false", "misschien")
    if schema.get("type") == "integer" and {"minimum", "maximum"} <= schema.keys():
        low, high = schema["minimum"], schema["maximum"]
        return _fixed(low, low + 1, high - 1, high, high + 1, low - 1, "x")
    return _VALUES.get(parameter.name)


def fill(route: Route, dice: Dice, known: Known) -> str:
    """An address of a route: mostly of what is there, with some of what may be asked of it."""
    path, query = route.path, []
    for parameter in route.parameters:
        found = values_of(route, parameter)
        options = list(found(known)) if found else []
        if not options or dice.chance(0.06):
            options = [*_NOBODY, dice.odd()]
        value = str(dice.one(options))
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(value or "-", safe=_LETTERS))
        elif parameter.required or dice.chance(0.4):
            query.append((parameter.name, value))
    if dice.chance(0.03):
        query.append(("onbekend", dice.line()))
    return f"{path}?{urlencode(query)}" if query else path
