"""Solves for answers: from one figure, from two versions of it, and from a whole and its parts."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import combinations
from math import ceil, floor

from .knowledge import Knowledge, Line, Said, Spot
from .sums import Value, Values, around, classes, number, people

#: What anyone can read on the pages: figures are of at least so many, and have detail from so many on.
THRESHOLD, DETAIL = 10, 100
#: A mean of fewer is shown in steps of so much of its scale.
STEPS = 40
_MILLION = 10**6


def few_people(knowledge: Knowledge) -> Iterator[str]:
    """A group, a part of it, or who is left of it, smaller than the threshold, in one figure."""
    for where, spot, values in knowledge.figures():
        size = people(values)
        if size is not None and 0 < size < THRESHOLD:
            yield f"{where}: {_named(spot)} is of {size}"
        yield from (f"{where}: {_named(spot)} has {what}" for what in _too_few_in(values, _is_count(knowledge, spot)))
        if any(0 < one < THRESHOLD for one in classes(values)):
            yield f"{where}: {_named(spot)} has a class of few: {classes(values)}"


def solutions(knowledge: Knowledge) -> Iterator[str]:
    """Individual answers of fewer than a hundred people, from all that is said of them at once."""
    for spot, where, values in _together(knowledge):
        n, scale = number(values, "n"), knowledge.scale(spot.code)
        if n is None:
            continue
        if n < DETAIL and classes(values):
            yield f"{where}: {_named(spot)} has the answers of {n}: {classes(values)}"
        if scale is None:
            if n < DETAIL and "mean" in values:
                yield f"{where}: {_named(spot)} has a mean of {n} without a scale to round it on"
            continue
        if n < DETAIL:
            yield from (f"{where}: {_named(spot)}, {text}" for text in _solved(int(n), scale, values))
        yield from (f"{where}: {_named(spot)}, {text}" for text in _own_margin(n, scale, values))


def exact_means(knowledge: Knowledge) -> Iterator[str]:
    """A mean of few, finer than the steps that hide who of them answered what."""
    for line in (*knowledge.lines, *knowledge.rows):
        n = number(line.values, "n")
        if n is not None and n < DETAIL and _is_exact(knowledge, line):
            yield f"{line.where}: {_named(line.spot)} has the exact mean {_mean(line.values)} of {n}"


def versions(knowledge: Knowledge) -> Iterator[str]:
    """Two versions of an observation that differ by few people, or two that count the same people."""
    by_spot: dict[Spot, list[Line]] = defaultdict(list)
    for line in knowledge.known_lines:
        if line.imported:
            by_spot[line.spot].append(line)
    for spot, lines in by_spot.items():
        for publication in sorted({line.publication for line in lines}):
            if sum(line.sign for line in lines if line.publication <= publication) > 1:
                yield f"{_named(spot)} counts people twice at publication {publication}"
        for one, other in combinations([line for line in lines if line.sign > 0], 2):
            places = f"{one.id} and {other.id}"
            for text in _between(one.values, other.values, _is_count(knowledge, spot)):
                yield f"{places}: {_named(spot)} {text}"
            apart = abs((number(one.values, "n") or Decimal(0)) - (number(other.values, "n") or Decimal(0)))
            if 0 < apart < DETAIL and all(_in_detail(knowledge, line) for line in (one, other)):
                yield f"{places}: {_named(spot)} differs by {apart} in detail"
    rows: dict[tuple[str, Spot], int] = defaultdict(int)
    for row in knowledge.rows:
        rows[row.where, row.spot] += 1
    yield from (f"{where}: {_named(spot)} counts people twice" for (where, spot), times in rows.items() if times > 1)


def differences(knowledge: Knowledge) -> Iterator[str]:
    """A figure at two moments, whichever surfaces showed them, that differs by few and by no line that is known."""
    by_spot: dict[Spot, dict[int, Said]] = defaultdict(dict)
    for spot, publication, said in _together_at(knowledge):
        by_spot[spot][publication] = said
    for spot, moments in by_spot.items():
        for (since, one), (until, other) in combinations(sorted(moments.items()), 2):
            moved = [line for line in knowledge.lines_of(spot) if since < line.publication <= until]
            for name in ("respondents", "n", "denominator"):
                before, after = number(one.values, name), number(other.values, name)
                gap = None if before is None or after is None else after - before
                if gap is None or not 0 < abs(gap) < THRESHOLD:
                    continue
                if gap != sum(line.sign * (number(line.values, name) or 0) for line in moved):
                    yield f"{_named(spot)} differs by {gap} ({name}) between {one.where} and {other.where}"


def residuals(knowledge: Knowledge) -> Iterator[str]:
    """What is left of a whole without its parts: of an area, a period or a theme."""
    for publication in sorted({knowledge.newest, *knowledge.editions.values()}):
        cells = {said.spot: said for said in knowledge.said if said.publication == publication}
        parts: dict[tuple[Spot, str], list[Said]] = defaultdict(list)
        for spot, said in cells.items():
            above = knowledge.parents.get(spot.area)
            if above:
                parts[spot._replace(area=above), "its areas"].append(said)
            for wider in around(spot.period)[1:2]:
                parts[spot._replace(period=wider), "its periods"].append(said)
            if spot.kind == "indicator" and spot.source == "dialogue" and spot.code in knowledge.themes:
                parts[spot._replace(kind="theme", code=knowledge.themes[spot.code]), "its indicators"].append(said)
        for (spot, what), inside in parts.items():
            if spot not in cells:
                continue
            for name in ("n", "numerator", "denominator"):
                whole = number(cells[spot].values, name)
                left = None if whole is None else whole - sum(number(one.values, name) or 0 for one in inside)
                if left is not None and 0 < abs(left) < THRESHOLD:
                    yield f"{cells[spot].where}: {_named(spot)} without {what} leaves {left} ({name})"


@cache
def histograms(n: int, total: int, squares: int | None, low: int, high: int) -> tuple[tuple[int, ...], ...]:
    """Every way in which n people can answer on a scale so that the sums come out; at most a thousand."""
    found: list[tuple[int, ...]] = []

    def fill(score: int, left: int, total: int, squares: int | None, counts: tuple[int, ...]) -> None:
        if len(found) >= 1000 or not left * low <= total <= left * score:
            return
        if (
            squares is not None
            and not total * total <= squares * left <= left * total * (low + score) - left * left * low * score
        ):
            return
        if score == low:
            found.append((left, *counts))
            return
        for count in range(left + 1):
            rest = None if squares is None else squares - count * score * score
            fill(score - 1, left - count, total - count * score, rest, (count, *counts))

    fill(high, n, total, squares, ())
    return tuple(found)


def _is_exact(knowledge: Knowledge, line: Line) -> bool:
    """Whether a mean is finer than a mean of few may be."""
    mean, scale = _mean(line.values), knowledge.scale(line.spot.code)
    return mean is not None and scale is not None and bool(mean % (Decimal(scale[1] - scale[0]) / STEPS))


def _in_detail(knowledge: Knowledge, line: Line) -> bool:
    return bool(classes(line.values)) or _is_exact(knowledge, line)


def _solved(n: int, scale: tuple[int, int], values: Values) -> Iterator[str]:
    """What of the answers follows from the sums."""
    low, high = scale
    mean = _mean(values)
    if mean is None:
        return
    squares = _squares(values, mean, n)
    if squares is not None:
        total = round(mean * n)
        ways = histograms(n, total, squares, low, high) if high - low < 10 else ()
        yield f"n {n}, sum {total} and squares {squares} leave {len(ways)} ways, such as {ways[:1]}"
    elif high - low < 10 and n <= 40 and not (number(values, "low_n") or number(values, "high_n")):
        half, step = Decimal(high - low) / STEPS / 2, Decimal(high - low) / STEPS
        least, most = max(mean - half, low + step), min(mean + half, high - step)
        ways = tuple(
            way
            for total in range(ceil(least * n), floor(most * n) + 1)
            for way in histograms(n, total, None, low, high)
        )
        if len(ways) == 1:
            yield f"n {n} and mean {mean} can only be {ways[0]}"


def _squares(values: Values, mean: Decimal, n: int) -> int | None:
    """The sum of squares, however it was said."""
    squares, deviation = number(values, "squares"), number(values, "deviation")
    if squares is not None:
        return round(squares / _MILLION**2)
    return None if deviation is None else round(n * (deviation * deviation + mean * mean))


def _own_margin(n: Decimal, scale: tuple[int, int], values: Values) -> Iterator[str]:
    """A margin that comes from the deviation of the group, not of the indicator."""
    mean, low, high = (number(values, name) for name in ("mean", "low", "high"))
    if mean is None or low is None or high is None or n < 2:
        return
    half = max(mean - low, high - mean)
    pooled, own = Decimal(scale[1] - scale[0]) / 4, half * n.sqrt() / Decimal("1.959964")
    if abs(own - pooled) > pooled / (n - 1) + Decimal("0.004") * n.sqrt():
        yield f"n {n} and margin {low} to {high} give its own deviation, about {own:.3f}"


def _between(one: Values, other: Values, count: bool) -> Iterator[str]:
    """What two versions of a group tell of those in one of them only."""
    names = ("respondents", "n", "denominator", *(("numerator",) if count else ()))
    gaps = _gaps(one, other, names)
    if any(0 < abs(gap) < THRESHOLD for _, gap in gaps):
        yield f"differs by few: {', '.join(f'{gap} ({name})' for name, gap in gaps)}"
        return
    gap = next((gap for _, gap in gaps if gap), None)
    if gap is None:
        return
    sign = 1 if gap > 0 else -1
    both = {name: sign * change for name, change in _gaps(one, other, ("numerator", "denominator"))}
    yield from (f"differs by {what}" for what in _too_few_in(both, count))
    ours, theirs = classes(one), classes(other)
    if len(ours) == len(theirs) and any(0 < abs(b - a) < THRESHOLD for a, b in zip(ours, theirs, strict=True)):
        yield f"differs by few in a class: {ours} and {theirs}"


def _gaps(one: Values, other: Values, names: tuple[str, ...]) -> list[tuple[str, Decimal]]:
    return [
        (name, after - before)
        for name in names
        if (before := number(one, name)) is not None and (after := number(other, name)) is not None
    ]


def _too_few_in(values: Values, count: bool) -> Iterator[str]:
    part, whole = number(values, "numerator"), number(values, "denominator")
    if part is None or (not whole and not count):
        return
    if part < THRESHOLD:
        yield f"{part} of {whole or 'all'}"
    elif whole and whole - part < THRESHOLD:
        yield f"all but {whole - part} of {whole}"


def _mean(values: Values) -> Decimal | None:
    """As exactly as it was said."""
    n, total = number(values, "n"), number(values, "total")
    return total / n / _MILLION if n and total is not None else number(values, "mean")


def _together(knowledge: Knowledge) -> Iterator[tuple[Spot, str, Values]]:
    """All that is said of one group: of a figure at a publication, of a line, of a row."""
    yield from ((spot, said.where, said.values) for spot, _, said in _together_at(knowledge))
    yield from ((line.spot, line.where, line.values) for line in (*knowledge.lines, *knowledge.rows))


def _together_at(knowledge: Knowledge) -> Iterator[tuple[Spot, int, Said]]:
    """Figures at a publication, with all that surfaces say of them."""
    whole: dict[tuple[Spot, int], tuple[str, dict[str, Value]]] = {}
    for said in knowledge.said:
        whole.setdefault((said.spot, said.publication), (said.where, {}))[1].update(said.values)
    for (spot, publication), (where, values) in whole.items():
        yield spot, publication, Said(where, spot, publication, values)


def _is_count(knowledge: Knowledge, spot: Spot) -> bool:
    return knowledge.measures.get(spot.code, ("", ""))[0] == "count"


def _named(spot: Spot) -> str:
    return f"{spot.code} in {spot.area}, {spot.period} ({spot.source})"
