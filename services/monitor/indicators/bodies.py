"""Request bodies of indicators and their versions, and the events they ask for."""

from typing import Annotated, Literal

from shared.contracts.monitor import (
    IndicatorRegistered,
    IndicatorVersionPublished,
)
from shared.contracts.vocabulary import Measure, ResourceFamily, Theme
from shared.http.bodies import Body, ChangeBody, RevisionBody
from shared.http.fields import Day, Flag, Id, OneLine, Text, Unit, Whole


class _Definition(Body):
    name_nl: OneLine
    name_en: OneLine
    theme: Theme
    resource_family: ResourceFamily
    unit: Unit
    direction: Literal["higher-is-better", "lower-is-better"]
    measure: Measure = Measure.MEAN
    owner: Id = "provincie-noord-brabant"

    def state(self, code: str) -> IndicatorRegistered:
        """What is to be known of an indicator."""
        return IndicatorRegistered(
            code=code,
            name_nl=self.name_nl,
            name_en=self.name_en,
            theme=self.theme,
            resource_family=self.resource_family,
            unit=self.unit,
            direction=self.direction,
            measure=self.measure,
            owner=self.owner,
        )


class IndicatorBody(_Definition):
    """An indicator's definition. `unit` is what its values are in: a scale such as `score-1-5`, a percentage, a thing.

    A scale is written with its lowest and highest point, whole numbers from 0 to 100. `owner` is the organisation
    that answers for it.
    """

    code: Id

    def event(self) -> IndicatorRegistered:
        """What defining it says."""
        return self.state(self.code)


class IndicatorCorrectionBody(_Definition, RevisionBody):
    """An indicator's definition, as it was from the start. `theme`, `measure` and `unit` stay once it is in use."""


class IndicatorChangeBody(_Definition, ChangeBody):
    """What an indicator is called and who answers for it from a day on. How it is measured stays: see its versions."""


class IndicatorVersionBody(Body):
    """How an indicator is measured from a date on. The first version is its definition, so this is the second or later.

    `reason` says why figures from before are not comparable, when they are not.
    """

    version: Annotated[int, Whole("ordinal", 2, 10_000)]
    title: OneLine
    change: Text
    valid_from: Day
    comparable: Flag
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


class IndicatorVersionCorrectionBody(RevisionBody):
    """How an indicator is measured from a date on, as it was from the start. `version` is how often it was revised."""

    title: OneLine
    change: Text
    valid_from: Day
    comparable: Flag
    not_comparable_because: Text | None = None

    def state(self, code: str, number: int) -> IndicatorVersionPublished:
        """What is to be known of it."""
        return IndicatorVersionPublished(
            code=code,
            version=number,
            title=self.title,
            change=self.change,
            valid_from=self.valid_from,
            comparable=self.comparable,
            reason=self.not_comparable_because,
        )
