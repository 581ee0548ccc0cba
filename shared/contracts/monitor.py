"""What the monitor publishes: geography, indicators, learning keys, the baseline and aggregates that moved."""

from datetime import date
from typing import ClassVar

import msgspec

from .envelope import Contract
from .vocabulary import (
    AggregateKind,
    AreaChangeKind,
    AreaLevel,
    DialogueTopic,
    ResourceFamily,
    Theme,
)


class AreaRegistered(Contract, frozen=True, kw_only=True):
    """A municipality, region or province is known, with the dates between which it exists."""

    type: ClassVar[str] = "nl.veerkracht.area.registered.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area"
    key_field: ClassVar[str] = "code"

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class AreasReorganised(Contract, frozen=True, kw_only=True):
    """Municipalities merged or were divided on a date: one line of the dated crosswalk."""

    type: ClassVar[str] = "nl.veerkracht.area.reorganised.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area-change"
    key_field: ClassVar[str] = "change"

    change: str
    on: date
    change_kind: AreaChangeKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


class IndicatorRegistered(Contract, frozen=True, kw_only=True):
    """An indicator has a definition."""

    type: ClassVar[str] = "nl.veerkracht.indicator.registered.v1"
    topic: ClassVar[str] = "monitor.indicators"
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: ResourceFamily
    unit: str
    direction: str


class TopicMapping(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Scores on this dialogue topic count towards this indicator."""

    topic: DialogueTopic
    indicator: str


class LearningKeyPublished(Contract, frozen=True, kw_only=True):
    """A version of the mapping from dialogue findings to indicators, for dialogues held from a date on."""

    type: ClassVar[str] = "nl.veerkracht.learning-key.published.v1"
    topic: ClassVar[str] = "monitor.indicators"
    kind: ClassVar[str] = "learning-key"
    key_field: ClassVar[str] = "version"

    version: int
    valid_from: date
    mappings: tuple[TopicMapping, ...]


class BaselineRecorded(Contract, frozen=True, kw_only=True):
    """A fact of the 2016 baseline, as stated in its source."""

    type: ClassVar[str] = "nl.veerkracht.baseline.recorded.v1"
    topic: ClassVar[str] = "monitor.indicators"
    kind: ClassVar[str] = "baseline-fact"
    key_field: ClassVar[str] = "fact"

    fact: str
    statement: str
    theme: Theme | None
    areas: tuple[str, ...]
    low_percent: int | None
    high_percent: int | None
    count: int | None
    period: str
    source: str
    paragraph: str


class AggregateMoved(Contract, frozen=True, kw_only=True):
    """A published figure changed. Absolute values; all figures are null while the cell is suppressed.

    `mean` is on the scale 1-5, rounded to 3 decimals; `n` counts scores.
    """

    type: ClassVar[str] = "nl.veerkracht.aggregate.moved.v1"
    topic: ClassVar[str] = "monitor.aggregates"
    kind: ClassVar[str] = "aggregate"
    key_field: ClassVar[str] = "aggregate"

    aggregate: str
    of: AggregateKind
    code: str
    theme: Theme
    level: AreaLevel
    area: str
    period: str
    suppressed: bool
    n: int | None
    mean: float | None
    previous_n: int | None
    previous_mean: float | None
    version: int
