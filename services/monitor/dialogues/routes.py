"""The learning key over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared.database import Connection
from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from ..publication.threshold import thresholds_of
from ..roles import ProgrammeTeam
from . import handlers, learning_key, views
from .bodies import LearningKeyBody

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)


@router.post("/learning-keys", status_code=201, response_model=views.LearningKeyRecorded)
async def publish_learning_key(
    request: Request, body: LearningKeyBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Publish the next version of the learning key. Dialogues held from its first day on count by it, all at once."""
    event, thresholds = body.event(), thresholds_of(request.app.state.settings)

    async def publish(connection: Connection, cause: Cause) -> Done:
        changed = await handlers.publish_learning_key(connection, event, cause, thresholds)
        return Done(views.learning_key_recorded(event.key, changed), changed is not None)

    return await commands.run(request, principal, key, publish)


@router.get("/learning-keys")
async def list_learning_keys(request: Request) -> list[views.LearningKeyView]:
    """All versions of the learning key."""
    async with pool_of(request).acquire() as connection:
        keys = await learning_key.learning_keys(connection)
    return [
        views.LearningKeyView(
            version=key.version,
            valid_from=key.valid_from,
            mapping={topic.value: indicator for topic, (indicator, _) in key.mapping.items()},
        )
        for key in keys
    ]
