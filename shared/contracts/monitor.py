"""What the monitor publishes: geography, indicators, learning keys, the baseline and aggregates that moved."""

from datetime import date
from typing import ClassVar

import msgspec

from .envelope import Contract
from .revision import Changed, Corrected, Withdrawn
from .vocabulary import (
    AggregateKind,
    AreaChangeKind,
    AreaLevel,
    Bound,
    DialogueTopic,
    Measure,
    QualityFindingKind,
    ResourceFamily,
    SourceKind,
    Theme,
    Verdict,
)


class AreaRegistered(Contract, frozen=True, kw_only=True):
    """A neighbourhood, municipality, region or province is known, with the dates between which it exists."""

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


class AreaCorrected(Corrected, frozen=True, kw_only=True):
    """What was known of an area was wrong: its validity, or its name and what it lies in since its last change."""

    type: ClassVar[str] = "nl.veerkracht.area.corrected.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area"
    key_field: ClassVar[str] = "code"
    revises = AreaRegistered

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class AreaChanged(Changed, frozen=True, kw_only=True):
    """An area has another name from a day on, lies in another area from a 1 January on, or ends."""

    type: ClassVar[str] = "nl.veerkracht.area.changed.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area"
    key_field: ClassVar[str] = "code"
    revises = AreaRegistered

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class AreaWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """An area was never there: nothing names it."""

    type: ClassVar[str] = "nl.veerkracht.area.withdrawn.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area"
    key_field: ClassVar[str] = "code"
    revises = AreaRegistered

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


class AreaChangeCorrected(Corrected, frozen=True, kw_only=True):
    """A line of the crosswalk was wrong."""

    type: ClassVar[str] = "nl.veerkracht.area-change.corrected.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area-change"
    key_field: ClassVar[str] = "change"
    revises = AreasReorganised

    change: str
    on: date
    change_kind: AreaChangeKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


class AreaChangeWithdrawn(Withdrawn, frozen=True, kw_only=True):
    """A line of the crosswalk was wrong: this merger or division was never there."""

    type: ClassVar[str] = "nl.veerkracht.area-change.withdrawn.v1"
    topic: ClassVar[str] = "monitor.areas"
    kind: ClassVar[str] = "area-change"
    key_field: ClassVar[str] = "change"
    revises = AreasReorganised

    change: str
    on: date
    change_kind: AreaChangeKind
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]


class IndicatorRegistered(Contract, frozen=True, kw_only=True):
    """An indicator has a definition. `owner` is the organisation that answers for it."""

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
    measure: Measure = Measure.MEAN
    owner: str = "provincie-noord-brabant"


class IndicatorVersionPublished(Contract, frozen=True, kw_only=True):
    """An indicator is measured otherwise from a date on. `reason` says why it is not comparable, when it is not."""

    type: ClassVar[str] = "nl.veerkracht.indicator.version-published.v1"
    topic: ClassVar[str] = "monitor.indicators"
    kind: ClassVar[str] = "indicator"
    key_field: ClassVar[str] = "code"

    code: str
    version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    reason: str | None

    @property
    def identity(self) -> str:
        """The indicator and the number of its version."""
        return f"{self.code}/{self.version}"


class MethodRegistered(Contract, frozen=True, kw_only=True):
    """A method of measuring has a code that observations name it by."""

    type: ClassVar[str] = "nl.veerkracht.method.registered.v1"
    topic: ClassVar[str] = "monitor.indicators"
    kind: ClassVar[str] = "method"
    key_field: ClassVar[str] = "code"

    code: str
    name: str


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
    """A published figure changed. Absolute values; all figures are null while nothing of it may be published.

    `n` counts values, `mean` is their mean in the indicator's unit and `share` is numerator / denominator, each with 3
    decimals; of fewer than 100 values the mean is rounded to 1/40 of the unit's range. With a `bound` the mean is only
    known to be lower or higher than `mean`. What the indicator's measure does not have is null. `period` is a month,
    quarter or year: `2026-11`, `2026-Q4`, `2026`. `publication` numbers the moment of publication.
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
    bound: Bound | None
    previous_n: int | None
    previous_mean: float | None
    version: int
    source: SourceKind = SourceKind.DIALOGUE
    measure: Measure = Measure.MEAN
    numerator: int | None = None
    denominator: int | None = None
    share: float | None = None
    publication: int = 0


class ObservationsImported(Contract, frozen=True, kw_only=True):
    """A file of observations was taken in. `load` is a random UUID; how many rows there were is not told."""

    type: ClassVar[str] = "nl.veerkracht.observations.imported.v1"
    topic: ClassVar[str] = "monitor.indicators"
    kind: ClassVar[str] = "observation-import"
    key_field: ClassVar[str] = "load"

    load: str
    indicators: tuple[str, ...]
    sources: tuple[SourceKind, ...]


class EditionPublished(Contract, frozen=True, kw_only=True):
    """A frozen publication of all figures up to a publication number. `sha256` is of its data file."""

    type: ClassVar[str] = "nl.veerkracht.edition.published.v1"
    topic: ClassVar[str] = "monitor.editions"
    kind: ClassVar[str] = "edition"
    key_field: ClassVar[str] = "edition"

    edition: str
    title: str
    publication: int
    cells: int
    sha256: str
    previous: str | None


class GoalJudged(Contract, frozen=True, kw_only=True):
    """A goal was reached or missed, or that changed. Values are in millionths of the indicator's unit."""

    type: ClassVar[str] = "nl.veerkracht.goal.judged.v1"
    topic: ClassVar[str] = "monitor.goals"
    kind: ClassVar[str] = "goal"
    key_field: ClassVar[str] = "goal"

    goal: str
    title: str
    verdict: Verdict
    previous: Verdict
    indicator: str | None
    area: str | None
    target_millionths: int | None
    measured_millionths: int | None
    reason: str | None


class QualityFindingPublished(Contract, frozen=True, kw_only=True):
    """Something about the data that a reader must know."""

    type: ClassVar[str] = "nl.veerkracht.quality-finding.published.v1"
    topic: ClassVar[str] = "monitor.findings"
    kind: ClassVar[str] = "quality-finding"
    key_field: ClassVar[str] = "finding"

    finding: str
    finding_kind: QualityFindingKind
    explanation: str
    indicator: str | None
    area: str | None
    period: str | None
