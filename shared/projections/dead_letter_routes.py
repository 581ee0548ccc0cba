"""What an operator does at a service: look at dead letters and replay them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from ..database import Connection
from ..http import commands
from ..http.auth import Principal, Require
from ..http.bodies import View
from ..http.commands import Done
from ..http.fields import Cursor, Limit, RowNumber
from ..http.request_state import pool_of
from ..outbox.cause import Cause
from . import dead_letters
from .projector import Projection

Operator = Annotated[Principal, Depends(Require("operator"))]


class DeadLetterView(View):
    """A record that could not be folded, without its contents."""

    id: int
    projection: str
    topic: str
    partition: int
    offset: int
    event_id: str | None
    reason: str
    found_at: datetime
    replayed_at: datetime | None


class DeadLetters(View):
    """A page of dead letters; `next` is the cursor for the following page, null on the last."""

    items: list[DeadLetterView]
    next: int | None


class Replayed(View):
    """Whether the replay changed anything: false when the event had been folded before."""

    id: int
    folded: bool


def dead_letter_router(service: str, projections: Sequence[Projection]) -> APIRouter:
    """`/<service>/v1/dead-letters`, for the role operator."""
    routes = APIRouter(prefix=f"/{service}/v1", tags=["operations"])

    @routes.get("/dead-letters")
    async def list_dead_letters(
        request: Request,
        _: Operator,
        after: Cursor = 0,
        limit: Limit = 50,
    ) -> DeadLetters:
        """Dead letters by id, oldest first."""
        async with pool_of(request).acquire() as connection:
            rows = await dead_letters.page(connection, after, limit)
        items = [DeadLetterView(**row) for row in rows]
        return DeadLetters(items=items, next=items[-1].id if len(items) == limit else None)

    @routes.post("/dead-letters/{letter}/replays", status_code=201, response_model=Replayed)
    async def replay_dead_letter(request: Request, letter: RowNumber, operator: Operator) -> Response:
        """Fold a dead letter again; a second replay changes nothing."""

        async def handle(connection: Connection, cause: Cause) -> Done:
            folded = await dead_letters.replay(connection, projections, letter, cause.now)
            return Done(Replayed(id=letter, folded=folded), created=folded)

        return await commands.run(request, operator, None, handle)

    return routes
