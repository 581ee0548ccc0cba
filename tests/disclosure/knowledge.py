"""What an outsider knows once everything is read: each figure, line and row, by where and when it was said."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from .answers import Object, Surface
from .sums import SOURCES, Values, around, values_of, written

_EDITION = re.compile(r"/editions/([^/.]+)\.csv")
_PAIR = re.compile(r"/editions/([^/]+)/differences/([^/]+?)(\.csv|/lines\.csv)")


class Spot(NamedTuple):
    """Which figure."""

    kind: str
    code: str
    source: str
    area: str
    period: str


@dataclass(frozen=True)
class Said:
    """A figure as it was at a publication, where it was said."""

    where: str
    spot: Spot
    publication: int
    values: Values


@dataclass(frozen=True)
class Line:
    """A line that came or went. One in a file has no id; of a row of observations is only known that it stands."""

    where: str
    id: str
    publication: int
    sign: int
    spot: Spot
    values: Values
    imported: str | None
    number: int | None


@dataclass(frozen=True)
class Whole:
    """What was said of several figures of now together: of what municipalities became, or of those in the programme."""

    where: str
    spots: tuple[Spot, ...]
    values: Values


@dataclass
class Knowledge:
    """All of it."""

    surfaces: Sequence[Surface]
    said: list[Said] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    #: Figures as pages write them, with fewer decimals.
    written: list[Said] = field(default_factory=list)
    wholes: list[Whole] = field(default_factory=list)
    #: Measure and unit, theme, and the area around each.
    measures: dict[str, tuple[str, str]] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)
    newest: int = 0

    def __post_init__(self) -> None:
        every = [(surface, one) for surface in self.surfaces if not surface.describes for one in surface.objects]
        for _, one in every:
            self._register(one)
        for surface, one in every:
            self._read(surface.name, one)
        for surface in self.surfaces:
            self._read_file(surface)
            self.written += (Said(surface.name, Spot(*spot), self.newest, values) for spot, values in written(surface))

    @cached_property
    def known_lines(self) -> list[Line]:
        """Each line once. A file names none, and has no other than answers have."""
        return list({(line.id, line.sign): line for line in self.lines if line.id}.values())

    def figures(self) -> Iterator[tuple[str, Spot, Values]]:
        """Everything that is said of a group: where, of which, what."""
        yield from ((said.where, said.spot, said.values) for said in (*self.said, *self.written))
        yield from ((line.where, line.spot, line.values) for line in (*self.lines, *self.rows))

    def lines_of(self, spot: Spot) -> list[Line]:
        """Those that count in a figure."""
        return self._around.get(spot, [])

    def standing(self, spot: Spot, publication: int) -> list[Line]:
        """Those that count in a figure at a publication, came and went."""
        return [line for line in self.lines_of(spot) if line.publication <= publication]

    def scale(self, code: str) -> tuple[int, int] | None:
        """The lowest and highest value of an indicator; None when its unit is no scale and no percentage."""
        unit = self.measures.get(code, ("", "score-1-5"))[1]
        found = re.fullmatch(r"score-(\d+)-(\d+)", unit)
        if found:
            return int(found[1]), int(found[2])
        return (0, 100) if unit in ("percentage", "procent", "%") else None

    @cached_property
    def _around(self) -> dict[Spot, list[Line]]:
        found: dict[Spot, list[Line]] = defaultdict(list)
        for line in self.known_lines:
            codes = [("indicator", line.spot.code)]
            if line.spot.source == "dialogue" and line.spot.code in self.themes:
                codes.append(("theme", self.themes[line.spot.code]))
            for area in self._above(line.spot.area):
                for period in around(line.spot.period):
                    for kind, code in codes:
                        found[Spot(kind, code, line.spot.source, area, period)].append(line)
        return found

    def _above(self, area: str) -> Iterator[str]:
        here: str | None = area
        while here:
            yield here
            here = self.parents.get(here)

    def _register(self, one: Object) -> None:
        code = one.get("code")
        if isinstance(code, str) and "unit" in one and "measure" in one:
            self.measures[code] = str(one["measure"]), str(one["unit"])
            self.themes[code] = str(one.get("theme"))
        elif isinstance(code, str) and "parent" in one and "level" in one:
            self.parents[code] = None if one["parent"] is None else str(one["parent"])
        number, id_ = one.get("publication"), one.get("id", one.get("edition"))
        if isinstance(number, int):
            self.newest = max(self.newest, number)
            if isinstance(id_, str) and "previous" in one:
                self.editions[id_] = number

    def _read(self, where: str, one: Object) -> None:
        for shape, read in _SHAPES:
            if shape <= one.keys():
                read(self, where, one)

    def _aggregate(self, where: str, one: Object) -> None:
        if "before" not in one:
            self._say(where, _spot(one), self.newest, one)

    def _event(self, where: str, one: Object) -> None:
        spot = Spot(str(one["of"]), *(str(one[name]) for name in ("code", "source", "area", "period")))
        self._say(where, spot, _whole(one.get("publication")), one)

    def _frozen(self, where: str, one: Object) -> None:
        for cell in _objects(one["cells"]):
            self._say(where, _spot(cell), _whole(one["publication"]), cell)

    def _series(self, where: str, one: Object) -> None:
        for series in _objects(one["series"]):
            for point in _objects(series.get("points")):
                self._point(where, one, series["source"], one["area"], point.get("period"), point)

    def _map(self, where: str, one: Object) -> None:
        for area in _objects(one["areas"]):
            self._point(where, one, one["source"], area.get("area"), one["period"], area)

    def _point(self, where: str, one: Object, source: object, area: object, period: object, point: Object) -> None:
        """A figure of a series or a map; in another division it is of its parts together."""
        spot = Spot("indicator", *map(str, (one["indicator"], source, area, period)))
        parts = point.get("parts")
        if one.get("indeling") is None:
            self._say(where, spot, self.newest, point.get("figure"))
        elif isinstance(parts, list) and (values := values_of(point.get("figure"))):
            self.wholes.append(Whole(where, tuple(spot._replace(area=str(part)) for part in parts or [area]), values))

    def _comparison(self, where: str, one: Object) -> None:
        """The programme's municipalities, and the others, at one or two moments."""
        measure = self._measure(one["indicator"])
        for moment in _objects([one["now"], one["before"]]):
            for side in _objects([moment["inside"], moment["outside"]]):
                size = values_of({"value": side["n"]}).get("value")
                value = values_of(side["value"]).get("value")
                spots = [
                    Spot("indicator", *map(str, (one["indicator"], one["source"], area["code"], moment["period"])))
                    for area in _objects(side.get("areas"))
                ]
                if spots and value is not None and size is not None:
                    values = {_ONE_VALUE.get(measure, "mean"): value, _SIZE.get(measure, "n"): size}
                    self.wholes.append(Whole(where, tuple(spots), values))

    def _goal(self, where: str, one: Object) -> None:
        """What a goal is measured by, when that is one figure."""
        by, measured = one["measuredBy"], one["measured"]
        if isinstance(by, dict) and isinstance(measured, dict) and by.get("area") and by.get("indicator"):
            code = str(by["indicator"])
            spot = Spot("indicator", code, str(by["source"]), str(by["area"]), str(one["measuredIn"]))
            value = values_of(measured).get("value")
            if value is not None:
                self.said.append(Said(where, spot, self.newest, {_ONE_VALUE.get(self._measure(code), "mean"): value}))

    def _measure(self, code: object) -> str:
        return self.measures.get(str(code), ("mean", ""))[0]

    def _explanation(self, where: str, one: Object) -> None:
        spot = Spot("indicator", *(str(one[name]) for name in ("indicator", "source", "area", "period")))
        for moment, sums in (("from", "start"), ("to", "end")):
            at = one[moment]
            if isinstance(at, dict):
                self._say(where, spot, _whole(at.get("publication")), one[sums])
        moves = _objects(one["contributions"])
        for move, following in zip(moves, [*moves[1:], None], strict=False):
            last = one.get("next") is None if following is None else following["publication"] != move["publication"]
            if last:
                self._say(where, spot, _whole(move["publication"]), move.get("running"))

    def _difference(self, where: str, one: Object) -> None:
        pair = re.search(r"/editions/([^/]+)/differences/([^/?]+)", where)
        if pair:
            for name, sums in ((pair[1], one["before"]), (pair[2], one["after"])):
                self._say(where, _spot(one), self.editions.get(name, self.newest), sums)

    def _move(self, where: str, one: Object) -> None:
        spot = Spot("indicator", *(str(one[name]) for name in ("indicator", "source", "area", "period")))
        self._came(where, str(one.get("id")), one, spot, values_of(one["sums"]))

    def _came(self, where: str, id_: str, one: Mapping[str, object], spot: Spot, values: Values) -> None:
        number = _whole(one["line"]) if one.get("line") not in (None, "") else None
        imported = str(one["import"]) if one.get("import") else None
        line = Line(where, id_, _whole(one["publication"]), _whole(one["sign"]), spot, values, imported, number)
        self.lines.append(line)

    def _say(self, where: str, spot: Spot, publication: int, sums: object) -> None:
        values = values_of(sums)
        if values:
            self.said.append(Said(where, spot, publication, values))

    def _read_file(self, surface: Surface) -> None:
        edition, pair = _EDITION.search(surface.name), _PAIR.search(surface.name)
        for row in surface.rows:
            if {"gebied", "periode", "bron", "indicator"} <= row.keys():
                source = SOURCES.get(row["bron"], row["bron"])
                spot = Spot("indicator", row["indicator"], source, row["gebied"], row["periode"])
                self.rows.append(Line(surface.name, "", self.newest, 1, spot, values_of(row), None, None))
            elif pair and {"publication", "sign"} <= row.keys():
                spot = Spot("indicator", row["indicator"], row["source"], row["area"], row["period"])
                self._came(surface.name, "", row, spot, values_of(row))
            elif pair and "kind" in row:
                for name, end in ((pair[1], "_before"), (pair[2], "_after")):
                    side = {key.removesuffix(end): value for key, value in row.items() if key.endswith(end)}
                    self._say(surface.name, _spot(row), self.editions.get(name, self.newest), side)
            elif edition and "kind" in row:
                self._say(surface.name, _spot(row), self.editions.get(edition[1], self.newest), row)


def _spot(one: Mapping[str, object]) -> Spot:
    return Spot(*(str(one[name]) for name in Spot._fields))


def _whole(value: object) -> int:
    return int(str(value)) if value is not None else 0


def _objects(value: object) -> list[Object]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, Iterable) else []


#: What the one value of a measure is called, and what it rests on.
_ONE_VALUE = {"ratio": "share", "count": "numerator"}
_SIZE = {"ratio": "denominator", "count": "numerator"}
_SPOT = frozenset(Spot._fields)
_SHAPES: tuple[tuple[frozenset[str], Callable[[Knowledge, str, Object], None]], ...] = (
    (_SPOT | {"measure", "publication"}, Knowledge._aggregate),
    (_SPOT - {"kind"} | {"of", "aggregate"}, Knowledge._event),
    (frozenset(("edition", "publication", "cells")), Knowledge._frozen),
    (frozenset(("indicator", "area", "series")), Knowledge._series),
    (frozenset(("indicator", "source", "period", "areas")), Knowledge._map),
    (frozenset(("indicator", "area", "source", "period", "contributions")), Knowledge._explanation),
    (frozenset(("indicator", "source", "now", "before")), Knowledge._comparison),
    (frozenset(("measuredBy", "measured", "measuredIn")), Knowledge._goal),
    (_SPOT | {"before", "after"}, Knowledge._difference),
    (frozenset(("indicator", "area", "source", "period", "sums", "sign")), Knowledge._move),
)
