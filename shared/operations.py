"""What an operator does at a service: look at dead letters and replay them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from . import commands, dead_letters
from .auth import Principal, Require
from .commands import Done
from .database import Connection
from .http import View, pool_of
from .projector import Projection
from .trace import Cause

Operator = Annotated[Principal, Depends(Require("operator"))]


class DeadLetter(View):
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

    items: list[DeadLetter]
    next: int | None


class Replayed(View):
    """Whether the replay changed anything: false when the event had been folded before."""

    id: int
    folded: bool


def router(service: str, projections: Sequence[Projection]) -> APIRouter:
    """`/<service>/v1/dead-letters`, for the role operator."""
    routes = APIRouter(prefix=f"/{service}/v1", tags=["operations"])

    @routes.get("/dead-letters")
    async def list_dead_letters(
        request: Request,
        _: Operator,
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> DeadLetters:
        """Dead letters by id, oldest first."""
        async with pool_of(request).acquire() as connection:
            rows = await dead_letters.page(connection, after, limit)
        items = [DeadLetter(**row) for row in rows]
        return DeadLetters(items=items, next=items[-1].id if len(items) == limit else None)

    @routes.post("/dead-letters/{letter}/replays", status_code=201, response_model=Replayed)
    async def replay_dead_letter(
        request: Request, letter: Annotated[int, Path(ge=1, le=2**62)], operator: Operator
    ) -> Response:
        """Fold a dead letter again; a second replay changes nothing."""

        async def handle(connection: Connection, cause: Cause) -> Done:
            folded = await dead_letters.replay(connection, projections, letter, cause.now)
            return Done(Replayed(id=letter, folded=folded), created=folded)

        return await commands.run(request, operator, None, handle)

    return routes
