"""What the monitor publishes when what is in its registers, beside areas, is otherwise."""

from datetime import date
from types import MappingProxyType
from typing import ClassVar

from .monitor import (
    BaselineRecorded,
    IndicatorRegistered,
    IndicatorVersionPublished,
    LearningKeyPublished,
    MethodRegistered,
    TopicMapping,
)
from .revision import Changed, Corrected, Withdrawn
from .vocabulary import Measure, ResourceFamily, Theme

TOPIC = "monitor.indicators"


class IndicatorCorrected(Corrected, frozen=True, kw_only=True):
    """What was registered of an indicator was wrong from the start."""

    type: ClassVar[str] = "nl.veerkracht.indicator.corrected.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"
    revises = IndicatorRegistered

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: ResourceFamily
    unit: str
    direction: str
    measure: Measure
    owner: str


class IndicatorChanged(Changed, frozen=True, kw_only=True):
    """An indicator has other names or another owner from a day on. Measured otherwise: see its versions."""

    type: ClassVar[str] = "nl.veerkracht.indicator.changed.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"
    revises = IndicatorRegistered

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: ResourceFamily
    unit: str
    direction: str
    measure: Measure
    owner: str


class IndicatorWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """An indicator is no longer one: nothing was measured by it."""

    type: ClassVar[str] = "nl.veerkracht.indicator.withdrawn.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"
    revises = IndicatorRegistered

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: ResourceFamily
    unit: str
    direction: str
    measure: Measure
    owner: str


class IndicatorVersionCorrected(Corrected, frozen=True, kw_only=True):
    """What was published of a version of an indicator was wrong from the start. `indicatorVersion` is its number."""

    type: ClassVar[str] = "nl.veerkracht.indicator.version-corrected.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"
    revises = IndicatorVersionPublished
    renamed = MappingProxyType({"version": "indicator_version", "reason": "not_comparable_because"})

    code: str
    indicator_version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    not_comparable_because: str | None


class IndicatorVersionWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """The newest version of an indicator was none: it is measured as before."""

    type: ClassVar[str] = "nl.veerkracht.indicator.version-withdrawn.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"
    revises = IndicatorVersionPublished
    renamed = MappingProxyType({"version": "indicator_version", "reason": "not_comparable_because"})

    code: str
    indicator_version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    not_comparable_because: str | None


class MethodCorrected(Corrected, frozen=True, kw_only=True):
    """A method of measuring is called otherwise, and was from the start."""

    type: ClassVar[str] = "nl.veerkracht.method.corrected.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "method"
    key_field: ClassVar[str] = "code"
    revises = MethodRegistered

    code: str
    name: str


class MethodWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """A method of measuring is no longer one: nothing was measured by it."""

    type: ClassVar[str] = "nl.veerkracht.method.withdrawn.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "method"
    key_field: ClassVar[str] = "code"
    revises = MethodRegistered

    code: str
    name: str


class LearningKeyCorrected(Corrected, frozen=True, kw_only=True):
    """A version of the learning key, `learningKey`, was wrong from the start: dialogues are counted again."""

    type: ClassVar[str] = "nl.veerkracht.learning-key.corrected.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "learning-key"
    key_field: ClassVar[str] = "learning_key"
    revises = LearningKeyPublished
    renamed = MappingProxyType({"version": "learning_key"})

    learning_key: int
    valid_from: date
    mappings: tuple[TopicMapping, ...]


class LearningKeyWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """The newest version of the learning key is none: dialogues are counted again by the one before."""

    type: ClassVar[str] = "nl.veerkracht.learning-key.withdrawn.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "learning-key"
    key_field: ClassVar[str] = "learning_key"
    revises = LearningKeyPublished
    renamed = MappingProxyType({"version": "learning_key"})

    learning_key: int
    valid_from: date
    mappings: tuple[TopicMapping, ...]


class BaselineCorrected(Corrected, frozen=True, kw_only=True):
    """A fact of the baseline was not as its source states it."""

    type: ClassVar[str] = "nl.veerkracht.baseline.corrected.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "baseline-fact"
    key_field: ClassVar[str] = "fact"
    revises = BaselineRecorded

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


class BaselineWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """A fact of the baseline is none: its source does not state it."""

    type: ClassVar[str] = "nl.veerkracht.baseline.withdrawn.v1"
    topic: ClassVar[str] = TOPIC
    kind: ClassVar[str] = "baseline-fact"
    key_field: ClassVar[str] = "fact"
    revises = BaselineRecorded

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
