"""What neighbours may ask of assessments: those that count."""

from shared.database import Connection

from . import store
from .domain import Assessment


async def latest(connection: Connection) -> list[Assessment]:
    """Of every level, question and initiative the newest answer, with its evidence."""
    rows = [row for row in await store.list_assessments(connection) if row["latest"]]
    evidence = await store.evidence_of(connection, [row["id"] for row in rows])
    return [store.assessment_of(row, evidence.get(row["id"], ())) for row in rows]
