"""A small world made up here, in which everything is protected; and for each protection the same world without it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from .answers import NDJSON, Object, Surface
from .attacks import Evidence
from .planting import KnownFile, Planted, Probe

JSON, HTML, CSV = ({"content-type": kind} for kind in ("application/json", "text/html; charset=utf-8", "text/csv"))
IMPORT, OTHER = "11111111-aaaa-4aaa-8aaa-000000000001", "11111111-aaaa-4aaa-8aaa-000000000002"
NAMES = ("respondents", "n", "total", "low_n", "high_n", "numerator", "denominator")
ROW, SIZE = b"interesse;GM3;2,571;7\n", 321
FILE = KnownFile(
    "drie-gemeenten", b"indicator;gebied;waarde;n\n", b"interesse;GM4;3,1;50\n",
    (b"interesse;GM3;2,429;7\n", ROW, b"interesse;GM3;2,714;7\n"), 3, SIZE,
)  # fmt: skip
ACTION = "Wij eten elke dinsdag samen"


class Put(NamedTuple):
    """A line of the made-up log."""

    publication: int
    entry: int
    code: str
    area: str
    sums: Mapping[str, int | tuple[int, ...]]
    sign: int = 1
    imported: str = IMPORT
    source: str = "survey"


def mean(n: int, value: str, **more: int | tuple[int, ...]) -> dict[str, int | tuple[int, ...]]:
    """The sums of n values."""
    return {"respondents": n, "n": n, "total": int(Decimal(value) * n * 10**6), **more}


def part(numerator: int, denominator: int) -> dict[str, int | tuple[int, ...]]:
    """The sums of a ratio, or of a count of some whole."""
    return {"respondents": denominator, "numerator": numerator, "denominator": denominator}


LINES = (
    Put(1, 1, "interesse", "GM1", mean(50, "3.2")),
    Put(1, 2, "interesse", "GM2", mean(10, "1.2", low_n=10)),
    Put(1, 3, "interesse", "GM4", mean(150, "3.217")),
    Put(1, 4, "meedoen", "GM1", part(20, 50)),
    Put(2, 5, "meldingen", "GM1", part(500, 1000)),
    Put(2, 6, "klassen", "GM1", {"respondents": 150, "n": 150, "histogram": (20, 30, 40, 30, 30)}),
    Put(2, 7, "klassen", "GM2", {"respondents": 12, "n": 12}),
    # A correction of as many people, and one of so many more that they may be told of by themselves.
    Put(3, 1, "interesse", "GM1", mean(50, "3.2"), sign=-1),
    Put(3, 1, "interesse", "GM1", mean(50, "3.4"), imported=OTHER),
    Put(3, 4, "meedoen", "GM1", part(20, 50), sign=-1),
    Put(3, 2, "meedoen", "GM1", part(40, 90), imported=OTHER),
)


@dataclass(frozen=True)
class World:
    """Lines, and all that is told of them. `documents` and `pages` by their address come on top, or instead."""

    lines: Sequence[Put] = LINES
    documents: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    event: Mapping[str, object] = field(default_factory=dict)
    dialogue: Mapping[str, object] = field(default_factory=dict)
    #: What is changed in every figure of this code.
    figure: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    confirms: bool = False

    def evidence(self) -> Evidence:
        """As an attack gets it."""
        documents = {**self._registers(), **self._told(), **self.documents}
        surfaces = [Surface(f"GET {name}", 200, JSON, _encoded(one)) for name, one in documents.items()]
        surfaces += [Surface(f"GET {name}", 200, CSV, text.encode()) for name, text in self.files.items()]
        surfaces += [Surface(f"GET {name}", 200, HTML, text.encode()) for name, text in self.pages.items()]
        surfaces.append(Surface("topic monitor.indicators", 200, {"content-type": NDJSON}, self._log()))
        return Evidence(surfaces, self._planted())

    def cells(self, publication: int) -> dict[tuple[str, str, str], dict[str, object]]:
        """Every figure at a publication, by code, source and area."""
        sums: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        bars: dict[tuple[str, str, str], list[tuple[int, ...]]] = defaultdict(list)
        for line in self.lines:
            for area in (line.area, "R", "PV") if line.publication <= publication else ():
                key = line.code, line.source, area
                for name in NAMES:
                    value = line.sums.get(name, 0)
                    sums[key][name] += line.sign * value if isinstance(value, int) else 0
                bar = line.sums.get("histogram", ())
                bars[key].append(tuple(line.sign * one for one in bar) if isinstance(bar, tuple) else ())
        return {
            key: {**_shown(one, bars[key]), **self.figure.get(key[0], {})}
            for key, one in sums.items()
            if any(one.values())
        }

    def _registers(self) -> dict[str, object]:
        units = {
            "interesse": ("mean", "score-1-5"), "meedoen": ("ratio", "percentage"), "meldingen": ("count", "mensen"),
            "klassen": ("distribution", "score-1-5"), "uren": ("mean", "uren"),
        }  # fmt: skip
        parents = {"GM1": "R", "GM2": "R", "GM3": "R", "GM4": "R", "R": "PV", "PV": None}
        editions = (("eerste", 2, None), ("tweede", 3, "eerste"))
        return {
            "/monitor/v1/indicators": [
                {"code": code, "measure": measure, "unit": unit, "theme": "verbinding"}
                for code, (measure, unit) in units.items()
            ],
            "/monitor/v1/areas": [{"code": code, "level": "x", "parent": above} for code, above in parents.items()],
            "/monitor/v1/editions": {
                "items": [{"id": id_, "publication": number, "previous": before} for id_, number, before in editions]
            },
            "/community/v1/dialogues/drie": {
                "id": "drie", "status": "held", "participants": None, "topics": [], "actions": [], **self.dialogue
            },
        }  # fmt: skip

    def _told(self) -> dict[str, object]:
        """Live figures, editions, and the lines behind them."""
        newest = max(line.publication for line in self.lines)
        moves = [
            {
                "id": f"{line.publication}.{line.imported}.{line.entry}", "publication": line.publication,
                "sign": line.sign, "indicator": line.code, "source": line.source, "area": line.area,
                "period": "2024", "import": line.imported or None, "sums": _sums(line.sums),
            }
            for line in self.lines
        ]  # fmt: skip
        aggregates = [
            _cell(key, one) | {"measure": "mean", "publication": newest} for key, one in self.cells(newest).items()
        ]
        frozen = [_cell(key, one) for key, one in self.cells(2).items()]
        return {
            "/monitor/v1/aggregates": {"items": aggregates, "next": None, "publication": newest},
            "/monitor/v1/editions/eerste/differences/tweede/lines": {"items": moves, "next": None},
            "/monitor/v1/editions/eerste.json": {"edition": "eerste", "publication": 2, "cells": frozen},
        }

    def _log(self) -> bytes:
        events = [
            {"specversion": "1.0", "source": "monitor", "sequence": str(number + 1), "data": data}
            for number, data in enumerate(({"code": "interesse"}, {"load": IMPORT, **self.event}, {"load": OTHER}))
        ]
        return b"\n".join(map(_encoded, events))

    def _planted(self) -> Planted:
        wrong = Surface("POST held", 409, JSON, b'{"title": "al gehouden"}')
        right = Surface("POST held", 200, JSON, b"{}") if self.confirms else wrong
        return Planted(
            texts={ACTION: "een actie van drie mensen"},
            numbers={"160850000": "de som van vijftig mensen"},
            lists={(1, 0, 0, 0, 9): "de antwoorden van tien mensen"},
            means={("interesse", "survey", "GM1", "2024"): Decimal("3.217")},
            silent={("interesse", "survey", "GM3", "2024"): "zeven mensen"},
            dialogues={"drie": "een dialoog van drie"},
            files={IMPORT: FILE},
            probes=[Probe("held", right, wrong)],
        )


def lines(*more: Put, without: Sequence[int] = ()) -> World:
    """The world with other lines, and without some by their place."""
    return World(lines=[*(line for place, line in enumerate(LINES) if place not in without), *more])


def event(**data: object) -> World:
    """The world in which the event of an import says more."""
    return World(event=data)


def page(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def why(area: str, *cells: str) -> str:
    link = f"/monitor/waarom?indicator=interesse&gebied={area}&periode=2024&bron=enquete"
    return "".join(f"<td>{cell}</td>" for cell in (area, *cells)) + f'<td><a href="{link}">Waarom?</a></td>'


def _cell(key: tuple[str, str, str], figure: Mapping[str, object]) -> dict[str, object]:
    code, source, area = key
    return {"kind": "indicator", "code": code, "source": source, "area": area, "period": "2024", **figure}


def _shown(sums: Mapping[str, int], bars: Sequence[tuple[int, ...]]) -> dict[str, object]:
    n, total = sums["n"], sums["total"]
    shown: dict[str, object] = {"respondents": sums["respondents"], "n": n or None, "lowN": sums["low_n"]}
    if n and total:
        middle, half = total / n / 10**6, 1.959964 / n**0.5
        margin = {"low": round(middle - half, 3), "high": round(middle + half, 3)}
        shown |= {"mean": round(middle, 3), "sumMillionths": total, "confidenceInterval": margin}
    if sums["numerator"]:
        shown |= {"numerator": sums["numerator"], "denominator": sums["denominator"] or None}
    if bars and all(bars):
        shown["distribution"] = [sum(column) for column in zip(*bars, strict=True)]
    return shown


def _sums(sums: Mapping[str, int | tuple[int, ...]]) -> Object:
    named = {"total": "sumMillionths", "low_n": "lowN", "high_n": "highN"}
    return {named.get(name, name): value for name, value in sums.items()}


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def digest(name: str) -> str:
    return hashlib.new(name, WHOLE).hexdigest()


WHOLE = FILE.before + ROW + FILE.after


def series(area: str, **figure: object) -> dict[str, object]:
    points = [{"period": "2024", "figure": figure}]
    return {f"/monitor/v1/indicators/interesse/areas/{area}/series": {
        "indicator": "interesse", "area": area, "indeling": None, "series": [{"source": "survey", "points": points}],
    }}  # fmt: skip


def unexplained() -> World:
    """A figure that moved by three, of which no line is public."""
    world = World()
    told = world._told()
    live = {
        "kind": "indicator", "code": "uren", "source": "survey", "area": "GM1", "period": "2024", "n": 503, "mean": 3.5
    }  # fmt: skip
    now, then = told["/monitor/v1/aggregates"], told["/monitor/v1/editions/eerste.json"]
    assert isinstance(now, dict) and isinstance(then, dict)
    now = {**now, "items": [*now["items"], {**live, "measure": "mean", "publication": 3}]}
    then = {**then, "cells": [*then["cells"], {**live, "n": 500}]}
    return replace(world, documents={"/monitor/v1/aggregates": now, "/monitor/v1/editions/eerste.json": then})
