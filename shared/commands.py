"""Runs a command: one transaction for the decision, its outbox rows and the answer to a retry."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Header, Request, Response

from .auth import Principal
from .contracts import Contract
from .contracts.refusals import Conflict, Refused
from .database import Connection
from .http import View, pool_of
from .trace import Cause

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="a retry with the same key gets the same answer and does nothing twice",
    ),
]

_KEEP = """
INSERT INTO idempotency (principal, key, request, created_at, status, body) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING true
"""
_KEPT = "SELECT request, status, body FROM idempotency WHERE principal = $1 AND key = $2"


class _KeyUsed(Exception):
    """An answer was kept under this key before."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a handler did: the answer, and whether something new came to be (201) or it was there already (200)."""

    view: View
    created: bool = True


Handler = Callable[[Connection, Cause], Awaitable[Done]]


async def run(
    request: Request, principal: Principal, key: str | None, handler: Handler, *, one_statement: bool = False
) -> Response:
    """Run a handler in one transaction and answer as JSON; what it raises rolls everything back.

    With `one_statement` all it writes is one statement, which is a transaction: without a key it needs no other.

    With a key, a retry of the same request by the same principal gets the stored answer;
    the same key with another request is a Conflict.
    """
    now = datetime.now(UTC)
    cause = Cause(now, request.state.correlation_id, request.state.traceparent)
    if key is None:
        async with (
            pool_of(request).acquire() as connection,
            nullcontext() if one_statement else connection.transaction(),
        ):
            return _response(*_answer(await handler(connection, cause)))
    fingerprint = await _fingerprint(request)
    try:
        async with pool_of(request).acquire() as connection, connection.transaction():
            status, body = _answer(await handler(connection, cause))
            # A concurrent retry waits here until the first one commits or rolls back.
            if not await connection.fetchval(_KEEP, principal.subject, key, fingerprint, now, status, body):
                raise _KeyUsed
        return _response(status, body)
    except (Refused, _KeyUsed) as error:
        # A retry comes here because of its key, or because what the first one did stands in its way.
        row = await pool_of(request).fetchrow(_KEPT, principal.subject, key)
        if row is None and isinstance(error, Refused):
            raise
        if row is None or row["request"] != fingerprint:
            raise Conflict(
                "idempotency-key-reused",
                "Deze Idempotency-Key is al gebruikt voor een ander verzoek: maak een nieuwe.",
            ) from error
        return _response(row["status"], row["body"])


def _answer(done: Done) -> tuple[int, bytes]:
    return 201 if done.created else 200, done.view.model_dump_json(by_alias=True).encode()


def _response(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")


async def _fingerprint(request: Request) -> bytes:
    head = f"{request.method} {request.scope['path']}\n".encode()
    return hashlib.sha256(head + await request.body()).digest()


class Recorded(View):
    """What was recorded, and under which id."""

    id: str


EventT = TypeVar("EventT", bound=Contract)


async def record(
    request: Request,
    principal: Principal,
    key: str | None,
    handler: Callable[[Connection, EventT, Cause], Awaitable[bool]],
    event: EventT,
    *,
    one_statement: bool = False,
) -> Response:
    """Run a handler that records one fact: 201 when it is new, 200 when exactly this was there."""

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handler(connection, event, cause)
        return Done(Recorded(id=event.key), created)

    return await run(request, principal, key, handle, one_statement=one_statement)
