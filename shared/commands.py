"""Runs a command: one transaction for the decision, its outbox rows and the answer to a retry."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeVar

from asyncpg import UniqueViolationError
from fastapi import Header, Request, Response

from .auth import Principal
from .contracts import Contract
from .contracts.refusals import Conflict, Refused
from .database import Connection
from .http import View, pool_of
from .trace import Cause, Kept

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

_KEEP = "INSERT INTO idempotency (created_at, principal, key, request, status, body) VALUES ($1, $2, $3, $4, $5, $6)"
_KEPT = "SELECT request, status, body FROM idempotency WHERE principal = $1 AND key = $2"


@dataclass(frozen=True, slots=True)
class Done:
    """What a handler did: the answer, and whether something new came to be (201) or it was there already (200)."""

    view: View
    created: bool = True


Handler = Callable[[Connection, Cause], Awaitable[Done]]


async def run(
    request: Request, principal: Principal, key: str | None, handler: Handler, *, new: View | None = None
) -> Response:
    """Run a handler in one transaction and answer as JSON; what it raises rolls everything back.

    With `new`, all that the handler writes is one `outbox.say`, a transaction by itself, after which it answers `new`.

    With a key, a retry of the same request by the same principal gets the stored answer;
    the same key with another request is a Conflict.
    """
    cause = Cause(datetime.now(UTC), request.state.correlation_id, request.state.traceparent)
    if key is None:
        async with pool_of(request).acquire() as connection, nullcontext() if new else connection.transaction():
            return _response(*_answer(await handler(connection, cause)))
    fingerprint = await _fingerprint(request)
    keep = partial(Kept, principal.subject, key, fingerprint)
    try:
        async with pool_of(request).acquire() as connection, nullcontext() if new else connection.transaction():
            if new is not None:
                kept = keep(*_answer(Done(new)))
                cause = replace(cause, kept=kept)
            done = await handler(connection, cause)
            if new is None or not done.created:
                kept = keep(*_answer(done))
                # A concurrent retry waits here until the first one commits or rolls back.
                await connection.execute(_KEEP, cause.now, *kept)
        return _response(kept.status, kept.body)
    except (Refused, UniqueViolationError):
        # A retry comes here because of its key, or because what the first one did stands in its way.
        row = await pool_of(request).fetchrow(_KEPT, principal.subject, key)
        if row is None:
            raise
        if row["request"] != fingerprint:
            raise Conflict(
                "idempotency-key-reused",
                "Deze Idempotency-Key is al gebruikt voor een ander verzoek: maak een nieuwe.",
            ) from None
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
FactT = TypeVar("FactT")


async def record(
    request: Request,
    principal: Principal,
    key: str | None,
    handler: Callable[[Connection, EventT, Cause], Awaitable[bool]],
    event: EventT,
    *,
    one_statement: bool = False,
) -> Response:
    """Run a handler that records one fact: 201 when it is new, 200 when exactly this was there.

    With `one_statement` all that it writes is one `outbox.say`.
    """
    return await record_as(event.key, request, principal, key, handler, event, one_statement=one_statement)


async def record_as(
    id_: str,
    request: Request,
    principal: Principal,
    key: str | None,
    handler: Callable[[Connection, FactT, Cause], Awaitable[bool]],
    fact: FactT,
    *,
    one_statement: bool = False,
) -> Response:
    """The same for a fact that is more than one event, or none: it is answered under `id_`."""
    recorded = Recorded(id=id_)

    async def handle(connection: Connection, cause: Cause) -> Done:
        return Done(recorded, await handler(connection, fact, cause))

    return await run(request, principal, key, handle, new=recorded if one_statement else None)
