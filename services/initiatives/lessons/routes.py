"""HTTP routes of lessons: translate, never decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from shared.database import Connection
from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import Id
from shared.http.idempotency import IdempotencyKey
from shared.outbox.cause import Cause

from . import handlers
from .bodies import LessonBody
from .views import LessonView

router = APIRouter(prefix="/initiatives/v1", tags=["initiatives"], route_class=CommandRoute)
Programme = Annotated[Principal, Depends(Require("programme"))]


@router.post("/initiatives/{initiative}/lessons", status_code=201, response_model=LessonView)
async def draw_lesson(
    request: Request, initiative: Id, body: LessonBody, principal: Programme, key: IdempotencyKey = None
) -> Response:
    """Write down a lesson, whether it worked or not."""
    view = LessonView(
        id=body.id, title=body.title, worked=body.worked, transferable=body.transferable, drawn_on=body.on
    )

    async def handle(connection: Connection, cause: Cause) -> Done:
        return Done(view, await handlers.draw_lesson(connection, initiative, body.command(), cause))

    return await commands.run(request, principal, key, handle)
