"""Request bodies of the monitor's registers, and the events they ask for."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.monitor import (
    AreaRegistered,
    AreasReorganised,
    BaselineRecorded,
    IndicatorRegistered,
    IndicatorVersionPublished,
    LearningKeyPublished,
    TopicMapping,
)
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel, DialogueTopic, Measure, ResourceFamily, Theme
from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

#: A CBS code such as GM0794, or a slug.
AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$")]
_AreaCodes = Annotated[list[AreaCode], Field(min_length=1, max_length=100)]
_Percent = Annotated[int, Field(ge=0, le=100, strict=True)] | None


class AreaBody(Body):
    """A municipality, region or province. `validUntil` is the first day it no longer exists."""

    code: AreaCode
    name: OneLine
    level: AreaLevel
    parent: AreaCode | None
    valid_from: Day
    valid_until: Day | None = None

    def event(self) -> AreaRegistered:
        """What registering it says."""
        return AreaRegistered(
            code=self.code,
            name=self.name,
            level=self.level,
            parent=self.parent,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class AreaChangeBody(Body):
    """A merger or division of municipalities on a date."""

    id: Id
    on: Day
    kind: AreaChangeKind
    predecessors: _AreaCodes
    successors: _AreaCodes

    def event(self) -> AreasReorganised:
        """What recording it says."""
        return AreasReorganised(
            change=self.id,
            on=self.on,
            change_kind=self.kind,
            predecessors=tuple(self.predecessors),
            successors=tuple(self.successors),
        )


class IndicatorBody(Body):
    """An indicator's definition. `unit` is what its values are in: a scale such as `score-1-5`, a percentage, a thing.

    `owner` is the organisation that answers for it.
    """

    code: Id
    name_nl: OneLine
    name_en: OneLine
    theme: Theme
    resource_family: ResourceFamily
    unit: OneLine
    direction: Literal["higher-is-better", "lower-is-better"]
    measure: Measure = Measure.MEAN
    owner: Id = "provincie-noord-brabant"

    def event(self) -> IndicatorRegistered:
        """What defining it says."""
        return IndicatorRegistered(
            code=self.code,
            name_nl=self.name_nl,
            name_en=self.name_en,
            theme=self.theme,
            resource_family=self.resource_family,
            unit=self.unit,
            direction=self.direction,
            measure=self.measure,
            owner=self.owner,
        )


class IndicatorVersionBody(Body):
    """How an indicator is measured from a date on. The first version is its definition, so this is the second or later.

    `reason` says why figures from before are not comparable, when they are not.
    """

    version: Annotated[int, Field(ge=2, le=10_000, strict=True)]
    title: OneLine
    change: Text
    valid_from: Day
    comparable: Annotated[bool, Field(strict=True)]
    reason: Text | None = None

    def event(self, code: str) -> IndicatorVersionPublished:
        """What publishing it says."""
        return IndicatorVersionPublished(
            code=code,
            version=self.version,
            title=self.title,
            change=self.change,
            valid_from=self.valid_from,
            comparable=self.comparable,
            reason=self.reason,
        )


class MappingBody(Body):
    """Scores on a topic count towards an indicator."""

    topic: DialogueTopic
    indicator: Id


class LearningKeyBody(Body):
    """The next version of the learning key, for dialogues held from a date on."""

    version: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    valid_from: Day
    mappings: Annotated[list[MappingBody], Field(min_length=1, max_length=100)]

    def event(self) -> LearningKeyPublished:
        """What publishing it says."""
        return LearningKeyPublished(
            version=self.version,
            valid_from=self.valid_from,
            mappings=tuple(TopicMapping(topic=m.topic, indicator=m.indicator) for m in self.mappings),
        )


class BaselineFactBody(Body):
    """A fact of the baseline, as its source states it."""

    id: Id
    statement: Text
    theme: Theme | None = None
    areas: _AreaCodes
    low_percent: _Percent = None
    high_percent: _Percent = None
    count: Annotated[int, Field(ge=0, le=10**9, strict=True)] | None = None
    period: OneLine
    source: OneLine
    paragraph: OneLine

    def event(self) -> BaselineRecorded:
        """What recording it says."""
        return BaselineRecorded(
            fact=self.id,
            statement=self.statement,
            theme=self.theme,
            areas=tuple(self.areas),
            low_percent=self.low_percent,
            high_percent=self.high_percent,
            count=self.count,
            period=self.period,
            source=self.source,
            paragraph=self.paragraph,
        )
