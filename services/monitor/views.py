"""Answers of the monitor."""

from datetime import date

from shared.contracts.refusals import Invalid
from shared.contracts.vocabulary import AggregateKind, AreaLevel, Theme
from shared.http import View

from .domain import Cell, Figure
from .publication import aggregate_id, publish


class Area(View):
    """An area; `validUntil` is the first day it no longer existed."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class AreaChange(View):
    """A line of the dated crosswalk."""

    id: str
    changed_on: date
    kind: str
    predecessors: list[str]
    successors: list[str]


class Indicator(View):
    """An indicator's definition."""

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: str
    unit: str
    direction: str


class LearningKeyView(View):
    """A version of the learning key: dialogue topic to indicator."""

    version: int
    valid_from: date
    mapping: dict[str, str]


class BaselineFact(View):
    """A fact of the baseline, as its source states it."""

    id: str
    statement: str
    theme: Theme | None
    areas: list[str]
    low_percent: int | None
    high_percent: int | None
    count: int | None
    period: str
    source: str
    paragraph: str


class Aggregate(View):
    """A figure: mean of `n` scores 1-5 from dialogues. All null while suppressed for its small number."""

    id: str
    kind: AggregateKind
    code: str
    theme: Theme
    level: AreaLevel
    area: str
    period: str
    suppressed: bool
    n: int | None
    mean: float | None
    standard_deviation: float | None


class Aggregates(View):
    """A page of figures; `next` is the cursor for the following page, null on the last."""

    items: list[Aggregate]
    next: str | None


def aggregate(cell: Cell, figure: Figure, threshold: int) -> Aggregate:
    """A cell as anyone may see it."""
    published = publish(figure, threshold)
    return Aggregate(
        id=aggregate_id(cell),
        kind=cell.kind,
        code=cell.code,
        theme=cell.theme,
        level=cell.level,
        area=cell.area,
        period=cell.period,
        suppressed=published.suppressed,
        n=published.n,
        mean=published.mean,
        standard_deviation=published.standard_deviation,
    )


def read_cursor(cursor: str | None) -> tuple[str, str, str, str] | None:
    """The place in the list that a cursor names. Raises Invalid when it is not one of ours."""
    if cursor is None:
        return None
    parts = cursor.split(".")
    if len(parts) != 4 or not all(parts):
        raise Invalid("invalid-cursor", "after is geen cursor van deze lijst: neem de waarde van next over.")
    return parts[0], parts[1], parts[2], parts[3]
