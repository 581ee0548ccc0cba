"""What is asked of the monitor, with other keys each time, and what the answer should be."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from .monitor_oracle import bound_of, mean_of, wrong
from .monitor_sums import Sums
from .monitor_world import PROVINCE, Json, World

BASE = "primary-key lookup"
MAP = "the map of a year"


@dataclass(frozen=True)
class Question:
    """What is asked, and what is wrong with an answer: None when it is right."""

    path: str
    check: Callable[[Json], str | None]


class Questions:
    """Each question of a world, with other keys for every number."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._old, self._new = (
            range(world.first, world.middle),
            range(world.middle, 2025),
        )
        self.all: Mapping[str, Callable[[int], Question]] = {
            BASE: self._lookup,
            "one figure": self._cell,
            f"a series of {world.years} years": self._series,
            "a page of 100 figures": self._page,
            MAP: self._map,
            "the map of a year in a later division": self._recalculated,
            "why a municipality's figure moved": self._why,
            "why a province's figure moved (100 of its lines)": self._why_province,
        }

    def places(self, question: str) -> int:
        """How often a question can be asked without being repeated."""
        world, years = self._world, self._world.indicators * self._world.years
        if "later division" in question:
            return world.indicators * len(self._old) * len(self._new)
        if "map" in question or "page" in question or "province" in question:
            return years
        return world.indicators * len(world.of_year(2024))

    def _pick(self, number: int) -> tuple[int, int, int]:
        """An indicator, a year and a place among the municipalities: all others before one comes again."""
        years = self._world.indicators * self._world.years
        spot = _spread(number, years)
        return spot % self._world.indicators, self._world.first + spot // self._world.indicators, number

    def _lookup(self, number: int) -> Question:
        indicator, year, area = self._one(number)
        sums = self._world.sums(indicator, area, year)

        def check(answer: Json) -> str | None:
            found = tuple(answer.get(name) for name in ("respondents", "n", "numerator", "denominator"))
            belongs = (sums.respondents, sums.n, sums.numerator, sums.denominator)
            return None if found == belongs else f"{found} where {belongs} belongs"

        return Question(f"/monitor/v1/lookup/{self._world.code(indicator)}/{year}/{area}", check)

    def _one(self, number: int) -> tuple[int, int, str]:
        indicator, year, number = self._pick(number)
        there = self._world.of_year(year)
        return indicator, year, there[number * 31 % len(there)].code

    def _cell(self, number: int) -> Question:
        indicator, year, area = self._one(number)
        code = self._world.code(indicator)
        return Question(
            f"/monitor/v1/aggregates?kind=indicator&code={code}&source=survey&period={year}&area={area}",
            lambda answer: self._figures(answer["items"], indicator, year, [area]),
        )

    def _page(self, number: int) -> Question:
        indicator, year, _ = self._pick(number)
        areas = sorted([*(one.code for one in self._world.of_year(year)), *self._world.regions, PROVINCE])[:100]
        return Question(
            f"/monitor/v1/aggregates?kind=indicator&code={self._world.code(indicator)}&source=survey&period={year}",
            lambda answer: self._figures(answer["items"], indicator, year, areas),
        )

    def _figures(self, items: object, indicator: int, year: int, areas: Sequence[str]) -> str | None:
        found = {str(item["area"]): item for item in _dicts(items)}
        if list(found) != list(areas):
            return f"{list(found)} where {areas} belongs"
        measure = self._world.measure(indicator)
        return _first(wrong(found[area], measure, self._world.sums(indicator, area, year)) for area in areas)

    def _series(self, number: int) -> Question:
        indicator, _, area = self._one(number)
        one, measure = self._world.by_code[area], self._world.measure(indicator)
        years = [year for year in range(self._world.first, 2025) if one.since <= year < one.until]

        def check(answer: Json) -> str | None:
            [series] = _dicts(answer["series"])
            points = {str(point["period"]): point["figure"] for point in _dicts(series["points"])}
            if list(points) != list(map(str, years)):
                return f"{list(points)} where {years} belongs"
            return _first(wrong(points[str(year)], measure, self._world.sums(indicator, area, year)) for year in years)

        return Question(f"/monitor/v1/indicators/{self._world.code(indicator)}/areas/{area}/series", check)

    def _map(self, number: int) -> Question:
        indicator, year, _ = self._pick(number)
        path = f"/monitor/v1/indicators/{self._world.code(indicator)}/map?source=survey&period={year}"
        expected = {one.code: self._world.sums(indicator, one.code, year) for one in self._world.of_year(year)}
        return Question(path, lambda answer: self._areas(answer, indicator, expected))

    def _recalculated(self, number: int) -> Question:
        spot = _spread(number, self._world.indicators * len(self._old) * len(self._new))
        spot, indicator = divmod(spot, self._world.indicators)
        year, division = self._old[spot % len(self._old)], self._new[spot // len(self._old)]
        expected = {
            one.code: Sums.of(self._world.sums(indicator, part, year) for part in one.parts or (one.code,))
            for one in self._world.of_year(division)
        }
        path = (
            f"/monitor/v1/indicators/{self._world.code(indicator)}/map?source=survey&period={year}&indeling={division}"
        )
        return Question(path, lambda answer: self._areas(answer, indicator, expected))

    def _areas(self, answer: Json, indicator: int, expected: Mapping[str, Sums]) -> str | None:
        found = {str(area["area"]): area["figure"] for area in _dicts(answer["areas"])}
        if found.keys() != expected.keys():
            return f"other areas: {found.keys() ^ expected.keys()}"
        measure = self._world.measure(indicator)
        return _first(wrong(found[code], measure, sums) for code, sums in expected.items())

    def _why(self, number: int) -> Question:
        indicator, year, area = self._one(number)
        return self._explained(indicator, year, area, self._world.sums(indicator, area, year), 1)

    def _why_province(self, number: int) -> Question:
        indicator, year, _ = self._pick(number)
        sums = self._world.sums(indicator, PROVINCE, year)
        return self._explained(indicator, year, PROVINCE, sums, min(100, len(self._world.of_year(year))))

    def _explained(self, indicator: int, year: int, area: str, sums: Sums, lines: int) -> Question:
        def check(answer: Json) -> str | None:
            figure = msgspec.convert(answer["end"], dict[str, object])
            found: list[object] = [figure[name] for name in ("n", "mean", "bound", "numerator")]
            found += [answer["addsUp"], len(_dicts(answer["contributions"]))]
            mean = mean_of(sums) if self._world.measure(indicator) == "mean" else None
            belongs = [sums.n, mean, bound_of(sums), sums.numerator, True, lines]
            return None if found == belongs else f"{found} where {belongs} belongs"

        code = self._world.code(indicator)
        path = f"/monitor/v1/indicators/{code}/areas/{area}/explanation?source=survey&period={year}"
        return Question(path, check)


def _first(some: Iterable[str | None]) -> str | None:
    return next(filter(None, some), None)


def _dicts(value: object) -> list[Json]:
    return msgspec.convert(value, list[dict[str, object]])


def _spread(number: int, size: int) -> int:
    """All places once before one comes again, neighbours far apart."""
    step = max(1, size * 5 // 8)
    while math.gcd(step, size) > 1:
        step += 1
    return number * step % size
