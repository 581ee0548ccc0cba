"""The commands: one transaction each. Each answers False when exactly this was there already."""

from shared import outbox
from shared.contracts.vocabulary import Measure
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from .. import store as registers
from . import answering, assessments, domain, judging, outcomes, store
from .assessments import Assessment, EvidenceKind
from .domain import Count, Goal
from .outcomes import Outcome
from .programme import ListedArea

_DUTCH = {
    "initiative": "het initiatief",
    "goal": "het doel",
    "indicator": "de indicator",
    "area": "het gebied",
    "lesson": "de les",
}


async def set_goal(connection: Connection, goal: Goal, cause: Cause) -> bool:
    """Set a goal, and judge it at once."""
    measure: Measure | None = None
    if goal.series is not None:
        row = await store.indicator(connection, goal.series.indicator)
        if row is None:
            raise _unknown("indicator", goal.series.indicator, "#/measure/indicator")
        measure = Measure(row["measure"])
        if goal.series.area and await registers.area_level(connection, goal.series.area) is None:
            raise _unknown("area", goal.series.area, "#/measure/area")
    domain.check(goal, measure)
    if not await store.insert_goal(connection, goal):
        found = await store.goals(connection, [goal.id])
        if [each for each, _ in found] != [goal]:
            raise outbox.id_in_use(goal.id)
        return False
    await judging.judge_counts(connection, (), cause, goal.id)
    return True


async def record_outcome(connection: Connection, outcome: Outcome, cause: Cause) -> bool:
    """Record a result with its evidence, and judge the goals that count it."""
    outcomes.check(outcome, cause.today)
    unknown = await store.unknown_reference(connection, outcome)
    if unknown is not None:
        raise _unknown(unknown, getattr(outcome, unknown), f"#/{unknown}")
    if not await store.insert_outcome(connection, outcome, cause):
        if await store.outcomes(connection, outcome.id, None, None, 1) != [outcome]:
            raise outbox.id_in_use(outcome.id)
        return False
    counts = (Count.TRANSFERRED,) if outcome.lesson is not None else ()
    await judging.judge_counts(connection, counts, cause, outcome.goal)
    return True


async def assess(connection: Connection, assessment: Assessment, cause: Cause) -> bool:
    """Answer a question at a level: the next version. Older ones stay."""
    await answering.lock(connection)
    if (known := await answering.get_assessment(connection, assessment.id)) is not None:
        if known != assessment:
            raise outbox.id_in_use(assessment.id)
        return False
    unknown = await answering.unknown_evidence(connection, assessment)
    if unknown is not None:
        number, ref = unknown
        raise Invalid("unknown-evidence", f"Dit bewijs is er niet: {ref}.", f"#/evidence/{number}/ref")
    if assessment.initiative is not None and not await answering.knows_initiative(connection, assessment.initiative):
        raise _unknown("initiative", assessment.initiative, "#/initiative")
    named = [each.ref for each in assessment.evidence if each.kind is EvidenceKind.GOAL]
    goals = {goal.id: goal for goal, _ in await store.goals(connection, named)}
    parents, listed = await store.areas(connection), (await store.programme(connection)).areas

    def in_programme(area: str) -> bool:
        return area in listed or parents.get(area) in listed

    assessments.check(assessment, goals, in_programme, cause.today)
    await answering.insert_assessment(connection, assessment, cause)
    return True


async def list_area(connection: Connection, listed: ListedArea, cause: Cause) -> bool:
    """Say that the programme works in a town or region, and judge again: a goal may be of its towns together."""
    area, valid_from, valid_until, _ = listed
    if await registers.area_level(connection, area) is None:
        raise _unknown("area", area, "#/area")
    if valid_until is not None and valid_until <= valid_from:
        raise Invalid("ends-before-start", "validUntil moet na validFrom liggen.", "#/validUntil")
    if not await store.insert_programme_area(connection, *listed):
        row = await store.get_programme_area(connection, area)
        if row is None or tuple(row) != listed:
            raise outbox.id_in_use(area)
        return False
    await judging.judge_all(connection, cause)
    return True


def _unknown(field: str, ref: str, pointer: str) -> Invalid:
    return Invalid(f"unknown-{field}", f"{_DUTCH[field].capitalize()} {ref} bestaat hier niet.", pointer)
