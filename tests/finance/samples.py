"""The programme's budget, a commitment and a disbursement; and what the service answered and published."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from shared.database import Connection

DATA = Path(__file__).parents[2] / "deploy" / "programme" / "data"
#: Events of the programme's budget: 9 lines, 6 shares, 9 findings.
ADOPTED = 24
TODAY = datetime.now(UTC).date()
COMMITMENTS = "/finance/v1/budget-lines/instrumentarium/commitments"
DISBURSEMENTS = "/finance/v1/commitments/c-1/disbursements"
COMMITMENT = {
    "id": "c-1",
    "period": "2017",
    "amountCents": 40_000_00,
    "recipient": "gemeente-helmond",
    "initiative": "slowcare",
    "madeOn": TODAY.isoformat(),
}
DISBURSEMENT = {"id": "d-1", "amountCents": 15_000_00, "paidOn": TODAY.isoformat()}


def programme() -> Iterator[tuple[str, dict[str, object]]]:
    """The programme's budget: resource and body."""
    for name in ("budget-lines", "capacity-shares", "findings"):
        yield from ((name, record) for record in json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))


async def outbox_events(connection: Connection) -> list[tuple[str, str]]:
    """Type and key of every event since the budget was adopted, in order."""
    rows = await connection.fetch("SELECT type, key FROM outbox ORDER BY position OFFSET $1", ADOPTED)
    return [(row["type"].split(".")[2], row["key"]) for row in rows]


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and pointer of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    return answer.status_code, problem["type"].rpartition(":")[2], problem["errors"][0]["pointer"]
