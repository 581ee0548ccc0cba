"""Goals and what is known of them. Exact fractions until they are shown; an unknown is a value, with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from shared.contracts.vocabulary import Measure, Phase, SourceKind, Verdict
from shared.refusals import Invalid
from shared.web.dutch import decimal

from ...figure.limit import KnownValue, Limit, known_value, reaches, subtract
from ...figure.periods import first_day, last_day
from ...figure.public import PublicTally
from ...figure.quantity import Quantity
from ...figure.tally import MILLION
from ...indicators.domain import IndicatorVersion


class Level(StrEnum):
    """Whose doing a change is."""

    AUTONOMOUS = "autonomous-development"
    PROGRAMME = "programme"
    INITIATIVE = "initiative"


class Question(StrEnum):
    """Do we do the right things; do we do things right."""

    EFFECTIVE = "effective"
    EFFICIENT = "efficient"


class Count(StrEnum):
    """What the monitor counts itself: from what other services said, or from outcomes recorded with evidence."""

    INITIATIVES = "initiatives"
    ADVANCED = "initiatives-advanced"
    LESSONS = "lessons-drawn"
    TRANSFERABLE = "lessons-transferable"
    TRANSFERRED = "lessons-transferred"
    OUTCOMES = "recorded-outcomes"
    MUNICIPALITIES = "recorded-municipalities"


class Basis(StrEnum):
    """What a measured value is held against: a value, the baseline (any improvement), or every municipality."""

    VALUE = "value"
    BASELINE = "baseline"
    MUNICIPALITIES = "all-municipalities"


class Direction(StrEnum):
    HIGHER = "higher-is-better"
    LOWER = "lower-is-better"


@dataclass(frozen=True, slots=True)
class Unknown:
    """ "Onbekend", and why."""

    reason: str


Value: TypeAlias = Fraction | Unknown
#: Of a published figure only a bound may be known.
FigureValue: TypeAlias = KnownValue | Unknown

NO_MEASURE = Unknown("er is nog geen cijfer of telling die dit meet")
NO_FIGURE = Unknown("geen gepubliceerd cijfer")
NO_BASELINE = Unknown("nulmeting ontbreekt")
NO_TARGET = Unknown("streefwaarde ontbreekt: de ambitie noemt geen getal")
NOTHING_RECORDED = Unknown("er is nog niets met bewijs vastgelegd")
ONE_VALUE = Unknown("een verdeling heeft niet één waarde")

#: The order of an initiative's life; STOPPED is past all others.
PHASES = tuple(Phase)

#: Beside every figure that the programme or an initiative is held against.
NOT_ONLY_OURS = (
    "Dit cijfer bevat ook de autonome ontwikkeling. Dat het doel is gehaald of gemist, zegt niet dat dit door het "
    "programma komt."
)


@dataclass(frozen=True, slots=True)
class GoalSeries:
    """A published figure. Without an area: the towns of the programme together; without a period: the newest year."""

    indicator: str
    source: SourceKind
    area: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Goal:
    """An ambition and how it is judged. Values are in millionths of the unit of what is measured."""

    id: str
    level: Level
    question: Question
    initiative: str | None
    title: str
    ambition: str
    paragraph: str
    counts: Count | None
    series: GoalSeries | None
    baseline_millionths: int | None
    baseline_period: str | None
    basis: Basis
    target_millionths: int | None
    direction: Direction
    due: date | None


def check(goal: Goal, measure: Measure | None) -> None:
    """Refuse a goal that could never be judged, or contradicts itself. `measure` is of its indicator."""
    if (goal.level is Level.INITIATIVE) != (goal.initiative is not None):
        raise Invalid(
            "initiative-and-level",
            "Een doel op niveau initiative noemt het initiatief, een ander niet.",
            "#/initiative",
        )
    if goal.counts and goal.series:
        raise Invalid("two-measures", "Kies één maat: een eigen telling of een indicator.", "#/counts")
    if measure is Measure.DISTRIBUTION:
        raise Invalid("no-single-value", "Een verdeling heeft niet één waarde om te toetsen.", "#/measure/indicator")
    if goal.basis is not Basis.VALUE and goal.target_millionths is not None:
        raise Invalid("two-targets", "Een streefwaarde hoort bij basis value.", "#/targetMillionths")
    if goal.baseline_period is not None and (goal.series is None or goal.baseline_millionths is not None):
        raise Invalid(
            "two-baselines", "baselinePeriod wijst een cijfer van de indicator aan: geef dat of een waarde.",
            "#/baselinePeriod",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a goal is judged by. `period` is that of the measured value; `municipalities` how many there are then."""

    measured: FigureValue
    baseline: FigureValue
    period: str | None = None
    municipalities: int = 0
    incomparable: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on a day, and by what. `reason` is there when it is unknown."""

    verdict: Verdict
    measured: FigureValue
    baseline: FigureValue
    target: FigureValue
    period: str | None
    reason: str | None = None


_NOT_SAID = Unknown("nog niet te zeggen: het beoordelen lukt niet en wordt nagekeken")
#: Of a goal that cannot be judged, whatever the reason.
NOT_JUDGED = Judgement(Verdict.UNKNOWN, _NOT_SAID, _NOT_SAID, _NOT_SAID, None, _NOT_SAID.reason)


def judgement_of(goal: Goal, facts: Facts, today: date) -> Judgement:
    """Hold what is measured against the target. A goal is missed when its day has passed, never when it is unknown."""
    target = _target(goal, facts)
    found = facts.incomparable or _reached(goal, facts.measured, target)
    if isinstance(found, Unknown):
        verdict, reason = Verdict.UNKNOWN, found.reason
    else:
        late = goal.due is not None and goal.due < today
        verdict, reason = Verdict.REACHED if found else Verdict.MISSED if late else Verdict.UNDER_WAY, None
    return Judgement(verdict, facts.measured, facts.baseline, target, facts.period, reason)


def _target(goal: Goal, facts: Facts) -> FigureValue:
    if goal.basis is Basis.BASELINE:
        return facts.baseline
    if goal.basis is Basis.MUNICIPALITIES:
        return Fraction(facts.municipalities)
    return NO_TARGET if goal.target_millionths is None else Fraction(goal.target_millionths, MILLION)


def _reached(goal: Goal, measured: FigureValue, target: FigureValue) -> bool | Unknown:
    if isinstance(measured, Unknown):
        return measured
    if isinstance(target, Unknown):
        return target
    ahead = subtract(measured, target)
    if ahead is not None:
        lower, improved = goal.direction is Direction.LOWER, goal.basis is Basis.BASELINE
        # As it was is no improvement.
        found = reaches(ahead, Fraction(), at_most=lower, beyond=improved)
        if found is not None:
            return found
    return _open(measured) or _open(target) or NO_FIGURE


def _open(value: KnownValue) -> Unknown | None:
    """What little is known of a value, said as a reason."""
    if not isinstance(value, Limit):
        return None
    return Unknown(f"er is alleen bekend: {value.bound.dutch} {decimal(float(value.value), 2)}")


def value_of(tally: PublicTally | None, quantity: Quantity) -> FigureValue:
    """The one value of a public tally. Unknown when nothing of it is public."""
    if quantity.measure is Measure.DISTRIBUTION:
        return ONE_VALUE
    found = known_value(tally, quantity) if tally else None
    return NO_FIGURE if found is None else found


def difference(one: FigureValue, other: FigureValue) -> FigureValue:
    """One less the other; unknown when either is, or when what is known of both leaves it open."""
    if isinstance(one, Unknown):
        return one
    if isinstance(other, Unknown):
        return other
    found = subtract(one, other)
    return (_open(one) or NO_FIGURE) if found is None else found


def incomparable(versions: Iterable[IndicatorVersion], earlier: str | None, later: str | None) -> Unknown | None:
    """Why figures of two periods may not be held against each other; None when they may."""
    if earlier is None or later is None:
        return None
    for version in versions:
        if version.reason is not None and first_day(earlier) < version.valid_from <= last_day(later):
            return Unknown(f"niet vergelijkbaar: versie {version.title} ({version.reason})")
    return None


def millionths(value: FigureValue) -> int | None:
    """As whole millionths, half to even; None when it is unknown, or only a bound of it is known."""
    return round(value * MILLION) if isinstance(value, Fraction) else None


_DUTCH = {
    "initiative": "het initiatief",
    "goal": "het doel",
    "indicator": "de indicator",
    "area": "het gebied",
    "lesson": "de les",
}


def not_there(field: str, ref: str, pointer: str) -> Invalid:
    """The refusal of what names something that is not there; `field` says what kind of thing."""
    return Invalid(f"unknown-{field}", f"{_DUTCH[field].capitalize()} {ref} bestaat hier niet.", pointer)
