"""What the OpenAPI documents say can be asked, and the values to ask it with: those that earlier answers gave."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from .answers import Object, Surface

SERVICES = ("initiatives", "monitor", "community", "finance", "feeds")
#: Parameters that page through a list; following `next` fills them.
PAGING = frozenset({"after", "before", "limit", "lastEventId", "Last-Event-ID", "If-None-Match"})

#: What each parameter is filled with, by its name. Another meaning in some paths stands below.
_PROVIDERS = {
    "area": "area", "atLeast": "bar", "atMost": "bar", "change": "change", "code": "indicator",
    "commitment": "commitment", "fact": "fact", "number": "number",
    "dialogue": "dialogue", "edition": "edition", "event": "event", "from": "period", "goal": "goal", "id": "import",
    "indeling": "division", "indicator": "indicator", "initiative": "initiative", "instrument": "instrument",
    "kind": "kind", "line": "line", "method": "method", "methode": "method", "municipality": "area", "newer": "edition",
    "older": "edition", "on": "day", "organisation": "organisation", "period": "period", "since": "period",
    "source": "log", "subject": "subject", "to": "period", "type": "type",
}  # fmt: skip
_OTHERWISE = {
    ("from", "/explanation"): "cut",
    ("to", "/explanation"): "cut",
    ("code", "/areas/{code}"): "area",
    ("code", "/areas/{code}/history"): "area",
    ("code", "/methods/{code}/history"): "method",
}

#: Where the values come from: the member of each item of the list at a path.
_REGISTERS = {
    ("/monitor/v1/areas", "code"): "area",
    ("/monitor/v1/area-changes", "id"): "change",
    ("/monitor/v1/baseline-facts", "id"): "fact",
    ("/monitor/v1/indicators", "code"): "indicator",
    ("/monitor/v1/methods", "code"): "method",
    ("/monitor/v1/editions", "id"): "edition",
    ("/monitor/v1/impact/goals", "id"): "goal",
    ("/monitor/v1/impact/instruments", "id"): "instrument",
    ("/initiatives/v1/initiatives", "id"): "initiative",
    ("/community/v1/dialogues", "id"): "dialogue",
    ("/community/v1/organisations", "id"): "organisation",
    ("/finance/v1/budget-lines", "id"): "line",
    ("/feeds/v1/types", "type"): "type",
    ("/feeds/v1/types", "kind"): "kind",
    ("/feeds/v1/events", "id"): "event",
    ("/feeds/v1/events", "subject"): "subject",
    ("/feeds/v1/events", "source"): "log",
}
#: And members that mean the same wherever they stand.
_MEMBERS = {"load": "import", "import": "import", "period": "period", "level": "kind", "commitment": "commitment"}
_FIXED = {
    "bar": ("3.5", "50"),
    "day": ("2018-06-01", "2024-12-31", "2026-01-01"),
    "division": ("2019", "2024"),
    "kind": ("municipality", "region", "province", "neighbourhood"),
    "number": ("1", "2"),
}


class NoProvider(AssertionError):
    """A route asks for something of which nobody knows where to find it: add it to this module."""


@dataclass(frozen=True)
class Parameter:
    """What may or must be given. `choices` are the values that the document names."""

    name: str
    inside: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """A GET."""

    path: str
    parameters: tuple[Parameter, ...]

    def named(self, *names: str) -> bool:
        """Whether it has all of these parameters."""
        return set(names) <= {one.name for one in self.parameters}

    @property
    def is_stream(self) -> bool:
        """Whether it never ends."""
        return self.path.endswith("/stream")

    def address(self, values: Mapping[str, str]) -> str:
        """Where to ask."""
        path, query = self.path, []
        for one in self.parameters:
            if one.name not in values:
                continue
            if one.inside == "path":
                path = path.replace(f"{{{one.name}}}", values[one.name])
            else:
                query.append(f"{one.name}={values[one.name]}")
        return f"{path}?{'&'.join(query)}" if query else path


def operations(document: Object) -> list[Operation]:
    """Every GET of an OpenAPI document."""
    found = []
    for path, methods in _object(document.get("paths")).items():
        get = _object(_object(methods).get("get"))
        if get:
            given = [_object(one) for one in _list(get.get("parameters"))]
            found.append(
                Operation(path, tuple(_parameter(document, one) for one in given if one["in"] in ("path", "query")))
            )
    return found


@dataclass
class Found:
    """Values by what they are, in the order in which they were found; `cells` are public figures."""

    values: dict[str, dict[str, None]] = field(default_factory=dict)
    #: Code, area, source and period.
    cells: dict[tuple[str, str, str, str], None] = field(default_factory=dict)

    def add(self, kind: str, value: object) -> None:
        """Remember a value."""
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            self.values.setdefault(kind, {})[str(value)] = None

    def of(self, kind: str) -> list[str]:
        """The values there are."""
        return [
            *self.values.get(kind, ()),
            *(one for one in _FIXED.get(kind, ()) if one not in self.values.get(kind, {})),
        ]

    def read(self, path: str, surface: Surface) -> None:
        """Take in what an answer says; `path` as the document has it."""
        if surface.describes:
            return
        registers = {member: kind for (list_path, member), kind in _REGISTERS.items() if list_path == path}
        if path.endswith("/commitments"):
            registers["id"] = "commitment"
        for one in surface.objects:
            for member, kind in (*registers.items(), *_MEMBERS.items()):
                self.add(kind, one.get(member))
            if path == "/monitor/v1/editions":
                self.add("cut", one.get("id"))
            if isinstance(number := one.get("publication"), int) and "sums" in one:
                self.add("cut", number)
            if one.get("kind") == "indicator" and {"code", "area", "source", "period"} <= one.keys():
                key = (str(one["code"]), str(one["area"]), str(one["source"]), str(one["period"]))
                self.cells[key] = None


def bindings(operation: Operation, found: Found) -> list[dict[str, str]]:
    """Values for all that an operation must have; for a figure, those of every public figure. Raises NoProvider."""
    whole = ("code", "area", "source", "period")
    if operation.named(*whole) and "{code}" in operation.path:
        return [dict(zip(whole, cell, strict=True)) for cell in found.cells]
    must = [one for one in operation.parameters if one.required]
    names = [one.name for one in must]
    every = ({one.name: value for one, value in zip(must, values, strict=True)} for values in product(
        *(_values(operation, one, found) for one in must)
    ))  # fmt: skip
    code = next((name for name in ("code", "indicator") if name in names), None)
    if code is None or not {"area", "period"} & set(names):
        return list(every)
    places = [name for name in whole[1:] if name in names]
    known = {(cell[0], *(cell[whole.index(name)] for name in places)) for cell in found.cells}
    return [one for one in every if (one[code], *(one[name] for name in places)) in known]


def variations(operation: Operation, found: Found, base: Mapping[str, str], most: int) -> Iterator[dict[str, str]]:
    """A base with each parameter that may be given, one by one, in at most so many values. Raises NoProvider."""
    for one in operation.parameters:
        if one.name not in PAGING and one.name not in base:
            for value in islice(_values(operation, one, found), most):
                yield {**base, one.name: value}


def spread(bases: Sequence[dict[str, str]], most: int) -> Iterable[dict[str, str]]:
    """Some of many, from the first to the last."""
    step = max(1, -(-len(bases) // most))
    return bases[::step]


def _values(operation: Operation, one: Parameter, found: Found) -> list[str]:
    if one.choices:
        return list(one.choices)
    kind = next(
        (kind for (name, end), kind in _OTHERWISE.items() if name == one.name and operation.path.endswith(end)),
        _PROVIDERS.get(one.name),
    )
    if kind is None:
        raise NoProvider(f"{operation.path} asks for {one.name}: where are values of it found?")
    return found.of(kind)


def _parameter(document: Object, given: Object) -> Parameter:
    schema = _object(given.get("schema"))
    return Parameter(
        str(given["name"]), str(given["in"]), bool(given.get("required")), tuple(_choices(document, schema))
    )


def _choices(document: Object, schema: Object) -> Iterator[str]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        target: object = document
        for part in reference.removeprefix("#/").split("/"):
            target = _object(target)[part]
        yield from _choices(document, _object(target))
    for value in _list(schema.get("enum")):
        yield str(value)
    for other in _list(schema.get("anyOf")):
        yield from _choices(document, _object(other))


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
