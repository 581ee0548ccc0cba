"""The shape of public figures over HTTP. Where an answer has hundreds they are written as JSON at once: that costs a
third of making objects first."""

from datetime import date

import msgspec
from msgspec import Raw
from typing_extensions import TypedDict

from shared.contracts.vocabulary import AggregateKind, AreaLevel, Measure, SourceKind, Theme

from ..figure.cells import aggregate_id
from ..figure.json import members
from ..figure.tally import Tally
from .domain import ListedFigure


class Interval(TypedDict):
    """The 95% confidence interval of the mean (normal approximation) or the share (Wilson)."""

    low: float
    high: float


class Figure(TypedDict):
    """A figure; what its measure does not have is null. Mean, share and interval have 3 decimals.

    `n` counts values, `numerator` is a count or the upper half of a share. `distribution` counts answers per class,
    the lowest first; it is there when it has at least 100 answers.
    """

    n: int | None
    mean: float | None
    standardDeviation: float | None
    numerator: int | None
    denominator: int | None
    share: float | None
    confidenceInterval: Interval | None
    distribution: list[int] | None


class Aggregate(Figure):
    """A published figure of an indicator or theme in an area and a month, quarter or year, from one kind of source.

    `publication` numbers the moment at which it moved last. `suppressed` is false: what may not be shown is not here.
    """

    id: str
    kind: AggregateKind
    code: str
    theme: Theme
    level: AreaLevel
    area: str
    period: str
    suppressed: bool
    source: SourceKind
    measure: Measure
    publication: int


class Aggregates(TypedDict):
    """A page of figures; `next` is the cursor for the following page, null on the last. `publication` numbers the last
    moment of publication that is in it."""

    items: list[Aggregate]
    next: str | None
    publication: int


class Point(TypedDict):
    """A figure of a period, the areas whose figures it is the sum of, or the reason why there is none."""

    period: str
    figure: Figure | None
    parts: list[str]
    reason: str | None


class Series(TypedDict):
    """The figures from one kind of source, in order of time."""

    source: SourceKind
    points: list[Point]


class Break(TypedDict):
    """From this day on figures are of other land (`division`) or measured otherwise (`version`), and why."""

    on: date
    of: str
    comparable: bool
    reason: str


class AreaSeries(TypedDict):
    """The figures of an indicator in an area, each kind of source apart. `indeling` is null for the area as it was."""

    indicator: str
    measure: Measure
    area: str
    indeling: int | None
    series: list[Series]
    breaks: list[Break]
    publication: int


class MapArea(TypedDict):
    """A municipality on the map. Without figure and reason there are no data, or too few to show."""

    area: str
    name: str
    figure: Figure | None
    parts: list[str]
    reason: str | None


class Map(TypedDict):
    """An indicator in every municipality, from one kind of source. `indeling` is null for the period's own division."""

    indicator: str
    measure: Measure
    source: SourceKind
    period: str
    indeling: int | None
    areas: list[MapArea]
    publication: int


class ShareOfMunicipalities(TypedDict):
    """How many of the municipalities of a day reach a bar, by what was published of those of a period.

    A municipality that came from several, or grew, reaches it when all it came from did, does not when none did, and
    is unknown otherwise; so is one without a published figure. `share` is null while any is unknown.
    """

    indicator: str
    source: SourceKind
    period: str
    on: date
    numerator: int
    denominator: int
    unknown: int
    share: float | None
    reached: list[str]
    missed: list[str]
    undecided: list[str]
    rule: str
    publication: int


def figure(tally: Tally, measure: Measure) -> Raw:
    """What is shown of a sum: a `Figure`."""
    return Raw(f"{{{members(tally, measure)}}}".encode())


def map_area(area: str, name: str, shown: str | None, parts: tuple[str, ...] = (), reason: str | None = None) -> str:
    """A `MapArea`; `shown` has the members of its figure."""
    figure = "null" if shown is None else f"{{{shown}}}"
    return (
        f'{{"area":{_text(area)},"name":{_text(name)},"figure":{figure},"parts":{_text(parts)},'
        f'"reason":{_text(reason)}}}'
    )


def aggregate(listed: ListedFigure, measure: Measure) -> Raw:
    """A cell as anyone may see it: an `Aggregate`."""
    cell = listed.cell
    return Raw(
        f'{{"id":"{aggregate_id(cell)}","kind":"{cell.kind}","code":"{cell.code}","theme":"{cell.theme}",'
        f'"level":"{cell.level}","area":"{cell.area}","period":"{cell.period}","suppressed":false,'
        f'"source":"{cell.source}","measure":"{measure}","publication":{listed.publication},'
        f"{listed.shown}}}".encode()
    )


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
