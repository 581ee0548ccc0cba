"""A retry under the same Idempotency-Key: what the first request was answered, and whether this is the same one."""

import hashlib
from datetime import datetime
from typing import Annotated

from fastapi import Header, Request

from ..database import Connection, Pool
from ..outbox import StoredAnswer
from ..refusals import Conflict
from .fields import Key

IdempotencyKey = Annotated[
    Key | None,
    Header(
        alias="Idempotency-Key",
        description="a retry with the same key gets the same answer and does nothing twice",
    ),
]

_KEEP = "INSERT INTO idempotency (created_at, principal, key, request, status, body) VALUES ($1, $2, $3, $4, $5, $6)"
_KEPT = "SELECT request, status, body FROM idempotency WHERE principal = $1 AND key = $2"


async def fingerprint(request: Request) -> bytes:
    """Digest of what is asked: method, path and body."""
    head = f"{request.method} {request.scope['path']}\n".encode()
    return hashlib.sha256(head + await request.body()).digest()


async def keep(connection: Connection, answer: StoredAnswer, now: datetime) -> None:
    """Store an answer under its key. A concurrent retry waits here until the first one commits or rolls back."""
    await connection.execute(_KEEP, now, *answer)


async def kept(pool: Pool, principal: str, key: str, request: bytes) -> tuple[int, bytes] | None:
    """Status and body of the answer under a key, None when there is none. Raises Conflict when `request`, the digest of
    what is asked now, is not that of what was asked then."""
    row = await pool.fetchrow(_KEPT, principal, key)
    if row is None:
        return None
    if row["request"] != request:
        raise Conflict(
            "idempotency-key-reused",
            "Deze Idempotency-Key is al gebruikt voor een ander verzoek: maak een nieuwe.",
        )
    return row["status"], row["body"]
