"""Files of observations as a source delivers them, of a world whose figures are known."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from .monitor_sums import drawn
from .monitor_world import Municipality, World
from .workbook import write_workbook

_MILLION = 10**6
_HEADER = "indicator;versie;gebied;indeling;periode;bron;methode;waarde;standaardafwijking;teller;noemer;n;verdeling"


def row(world: World, indicator: int, one: Municipality, year: int) -> str:
    """The same observation as a line of a file."""
    sums, cells = drawn(world.measure(indicator), indicator, one.number, year), ";;;;;"
    match world.measure(indicator):
        case "mean":
            value = sums.total // sums.n
            spread = math.isqrt(sums.squares // sums.n - value * value)
            cells = f"{_decimal(value)};{_decimal(spread)};;;{sums.n};"
        case "ratio":
            cells = f";;{sums.numerator};{sums.denominator};;"
        case "count":
            cells = f";;{sums.numerator};;;"
        case _:
            cells = f";;;;;{'|'.join(map(str, sums.histogram))}"
    return f"{world.code(indicator)};1;{one.code};{year};{year};enquete;meting;{cells}"


def write_file(world: World, path: Path, indicators: Iterable[int], years: Iterable[int]) -> int:
    """A file of observations; returns how many."""
    rows, some = 0, list(indicators)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{_HEADER}\n")
        for year in years:
            for indicator in some:
                lines = [row(world, indicator, one, year) for one in world.of_year(year)]
                file.write("\n".join(lines) + "\n")
                rows += len(lines)
    return rows


def write_as_workbook(world: World, path: Path, indicators: Iterable[int], year: int) -> None:
    """The same of a year as a spreadsheet has it."""

    def rows() -> Iterator[list[str | float]]:
        yield list(_HEADER.split(";"))
        for indicator in indicators:
            for one in world.of_year(year):
                *about, value, spread, part, whole, n, classes = row(world, indicator, one, year).split(";")
                numbers = [float(each.replace(",", ".")) if each else "" for each in (value, spread)]
                counts = [int(each) if each else "" for each in (part, whole, n)]
                yield [*about, *numbers, *counts, classes]

    write_workbook(path, rows())


def _decimal(millionths: int) -> str:
    return f"{millionths // _MILLION},{millionths % _MILLION:06}"
