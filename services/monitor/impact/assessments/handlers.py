"""The command of assessments, one transaction. It answers False when exactly this was there already."""

from shared import outbox
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

from ...areas.register import parents
from ..goals import register
from ..goals.domain import not_there
from . import domain, store
from .domain import Assessment, EvidenceKind


async def assess(connection: Connection, assessment: Assessment, cause: Cause) -> bool:
    """Answer a question at a level: the next version. Older ones stay."""
    await store.lock(connection)
    if (known := await store.get_assessment(connection, assessment.id)) is not None:
        if known != assessment:
            raise outbox.id_in_use(assessment.id)
        return False
    unknown = await store.unknown_evidence(connection, assessment)
    if unknown is not None:
        place = f"#/evidence/{unknown['n'] - 1}"
        if unknown["no_area"]:
            raise not_there("area", unknown["area"], f"{place}/area")
        raise Invalid("unknown-evidence", f"Dit bewijs is er niet: {unknown['kind']} {unknown['ref']}.", f"{place}/ref")
    await register.require_initiative(connection, assessment.initiative)
    named = [each.ref for each in assessment.evidence if each.kind is EvidenceKind.GOAL]
    goals = await register.goals(connection, named)
    above, listed = await parents(connection), (await register.programme(connection)).areas

    def in_programme(area: str) -> bool:
        return area in listed or above.get(area) in listed

    domain.check(assessment, goals, in_programme, cause.today)
    await store.insert_assessment(connection, assessment, cause)
    return True
