"""Answers of the monitor."""

from datetime import date

from shared.contracts.refusals import Invalid
from shared.contracts.vocabulary import AggregateKind, AreaLevel, SourceKind, Theme
from shared.http import View

from .cells import PublicCell
from .publication import aggregate_id
from .tally import Tally


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
    """A public figure: the sums of what is published and what follows from them; null is what it does not have."""

    id: str
    kind: AggregateKind
    code: str
    theme: Theme
    source: SourceKind
    level: AreaLevel
    area: str
    period: str
    suppressed: bool
    n: int | None
    mean: float | None
    standard_deviation: float | None
    numerator: int | None
    denominator: int | None
    share: float | None


class Aggregates(View):
    """A page of figures; `next` is the cursor for the following page, null on the last."""

    items: list[Aggregate]
    next: str | None


def aggregate(cell: PublicCell, tally: Tally) -> Aggregate:
    """A cell as anyone may see it."""
    mean, deviation, share = tally.mean(), tally.deviation(), tally.share()
    return Aggregate(
        id=aggregate_id(cell),
        kind=cell.kind,
        code=cell.code,
        theme=cell.theme,
        source=cell.source,
        level=cell.level,
        area=cell.area,
        period=cell.period,
        suppressed=not tally,
        n=tally.n or None,
        mean=None if mean is None else float(mean),
        standard_deviation=None if deviation is None else float(deviation),
        numerator=tally.numerator if tally.denominator else tally.numerator or None,
        denominator=tally.denominator or None,
        share=None if share is None else float(share),
    )


def read_cursor(cursor: str | None) -> tuple[str, str, str, str, str] | None:
    """The place in the list that a cursor names. Raises Invalid when it is not one of ours."""
    if cursor is None:
        return None
    parts = cursor.split(".")
    if len(parts) == 4:
        parts.append(SourceKind.DIALOGUE)
    if len(parts) != 5 or not all(parts):
        raise Invalid("invalid-cursor", "after is geen cursor van deze lijst: neem de waarde van next over.")
    return parts[0], parts[1], parts[2], parts[3], parts[4]
