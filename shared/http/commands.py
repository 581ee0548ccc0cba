"""Runs a command: one transaction for the decision, its outbox rows and the answer to a retry."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from asyncpg import UniqueViolationError
from fastapi import Request, Response

from ..contracts import Contract
from ..database import Connection
from ..outbox.cause import Cause, StoredAnswer
from ..refusals import Refused
from . import idempotency
from .auth import Principal
from .bodies import View
from .request_state import pool_of


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

    With `new`, all that the handler writes is one `outbox.insert_with_event`, a transaction by itself; then it answers
    `new`.

    With a key, a retry of the same request by the same principal gets the stored answer;
    the same key with another request is a Conflict.
    """
    cause = Cause(datetime.now(UTC), request.state.correlation_id, request.state.traceparent)
    if key is None:
        async with pool_of(request).acquire() as connection, nullcontext() if new else connection.transaction():
            return _response(*_answer(await handler(connection, cause)))
    asked = await idempotency.fingerprint(request)
    under_key = partial(StoredAnswer, principal.subject, key, asked)
    try:
        async with pool_of(request).acquire() as connection, nullcontext() if new else connection.transaction():
            if new is not None:
                stored = under_key(*_answer(Done(new)))
                cause = replace(cause, kept=stored)
            done = await handler(connection, cause)
            if new is None or not done.created:
                stored = under_key(*_answer(done))
                await idempotency.keep(connection, stored, cause.now)
        return _response(stored.status, stored.body)
    except (Refused, UniqueViolationError):
        # A retry comes here because of its key, or because what the first one did stands in its way.
        first = await idempotency.kept(pool_of(request), principal.subject, key, asked)
        if first is None:
            raise
        return _response(*first)


def _answer(done: Done) -> tuple[int, bytes]:
    return 201 if done.created else 200, done.view.model_dump_json(by_alias=True).encode()


def _response(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")


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

    With `one_statement` all that it writes is one `outbox.insert_with_event`.
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
    read: Callable[[Connection, str], Awaitable[View]] | None = None,
) -> Response:
    """The same for a fact that is more than one event, or none: it is answered under `id_`, or as `read` gives what has
    that id then."""
    recorded = Recorded(id=id_)

    async def handle(connection: Connection, cause: Cause) -> Done:
        created = await handler(connection, fact, cause)
        return Done(await read(connection, id_) if read else recorded, created)

    return await run(request, principal, key, handle, new=recorded if one_statement else None)
