"""Postgres of assessments and their evidence."""

from collections.abc import Collection, Sequence
from pathlib import Path

from shared.database import Connection, Record, queries
from shared.outbox.cause import Cause

from ..goals.domain import Level, Question
from .domain import Assessment, AssessmentVerdict, Assessor, Evidence, EvidenceKind

_Q = queries(Path(__file__).with_name("assessments.sql"))


async def lock(connection: Connection) -> None:
    """One assessment after the other, until this transaction ends."""
    await connection.execute(_Q.lock_assessments)


async def get_assessment(connection: Connection, assessment: str) -> Assessment | None:
    """One assessment with its evidence."""
    row = await connection.fetchrow(_Q.assessment, assessment)
    if row is None:
        return None
    return assessment_of(row, (await evidence_of(connection, [assessment])).get(assessment, ()))


async def list_assessments(
    connection: Connection, level: str | None = None, question: str | None = None, initiative: str | None = None
) -> Sequence[Record]:
    """Assessments by level and question, the newest version first; `latest` is the one that counts."""
    return await connection.fetch(_Q.assessments, level, question, initiative)


async def evidence_of(connection: Connection, ids: Collection[str]) -> dict[str, tuple[Evidence, ...]]:
    """The evidence of assessments, in order."""
    found: dict[str, list[Evidence]] = {}
    for row in await connection.fetch(_Q.evidence_of, list(ids)):
        evidence = Evidence(EvidenceKind(row["kind"]), row["ref"], row["area"], row["period"], row["note"])
        found.setdefault(row["assessment"], []).append(evidence)
    return {id_: tuple(evidence) for id_, evidence in found.items()}


async def insert_assessment(connection: Connection, assessment: Assessment, cause: Cause) -> None:
    """Store the next version."""
    await connection.execute(
        _Q.insert_assessment,
        assessment.id,
        assessment.level,
        assessment.question,
        assessment.initiative,
        assessment.statement,
        assessment.verdict,
        assessment.reason,
        assessment.assessed_by,
        assessment.assessed_on,
        cause.now,
    )
    if assessment.evidence:
        columns = zip(*((e.kind, e.ref, e.area, e.period, e.note) for e in assessment.evidence), strict=True)
        await connection.execute(_Q.insert_assessment_evidence, assessment.id, *map(list, columns))


async def unknown_evidence(connection: Connection, assessment: Assessment) -> Record | None:
    """The first evidence that is not there, or of an area that is not: its place `n` from 1, and what it names."""
    evidence = assessment.evidence
    return await connection.fetchrow(
        _Q.unknown_evidence, [e.kind for e in evidence], [e.ref for e in evidence], [e.area for e in evidence]
    )


def assessment_of(row: Record, evidence: tuple[Evidence, ...]) -> Assessment:
    """An assessment as it was given."""
    return Assessment(
        id=row["id"],
        level=Level(row["level"]),
        question=Question(row["question"]),
        initiative=row["initiative"],
        statement=row["statement"],
        verdict=AssessmentVerdict(row["verdict"]),
        reason=row["reason"],
        assessed_by=Assessor(row["assessed_by"]),
        assessed_on=row["assessed_on"],
        evidence=evidence,
    )
