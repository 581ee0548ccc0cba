"""The learning key over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared import outbox
from shared.database import Connection
from shared.http import commands
from shared.http.bodies import RevisionBody, VersionsView
from shared.http.command_route import CommandRoute
from shared.http.commands import Done
from shared.http.fields import VersionNumber
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from ..publication.threshold import thresholds_of
from ..roles import ProgrammeTeam
from . import handlers, learning_key, views
from .bodies import LearningKeyBody, LearningKeyCorrectionBody

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


@router.post("/learning-keys/{number}/corrections", status_code=201, response_model=views.LearningKeyRecorded)
async def correct_learning_key(
    request: Request,
    number: VersionNumber,
    body: LearningKeyCorrectionBody,
    principal: ProgrammeTeam,
    key: IdempotencyKey = None,
) -> Response:
    """A version was wrong from the start: dialogues held from its first day on, as it was or is, count again."""
    asked, thresholds = body.asked(body.key(number)), thresholds_of(request.app.state.settings)

    async def correct(connection: Connection, cause: Cause) -> Done:
        changed = await handlers.correct_learning_key(connection, asked, cause, thresholds)
        return Done(views.learning_key_recorded(str(number), changed), changed is not None)

    return await commands.run(request, principal, key, correct)


@router.post("/learning-keys/{number}/withdrawal", status_code=201, response_model=views.LearningKeyRecorded)
async def withdraw_learning_key(
    request: Request, number: VersionNumber, body: RevisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """The newest version is none: dialogues held from its first day on count by the one before, all at once."""
    asked, thresholds = body.asked(number), thresholds_of(request.app.state.settings)

    async def withdraw(connection: Connection, cause: Cause) -> Done:
        changed = await handlers.withdraw_learning_key(connection, asked, cause, thresholds)
        return Done(views.learning_key_recorded(str(number), changed), changed is not None)

    return await commands.run(request, principal, key, withdraw)


@router.get("/learning-keys/{number}/history")
async def get_learning_key_history(request: Request, number: VersionNumber) -> VersionsView:
    """All that was said of a version of the learning key."""
    async with pool_of(request).acquire() as connection:
        there = await learning_key.require_learning_key(connection, number)
        return VersionsView.of(await outbox.history(connection, there))


@router.get("/learning-keys")
async def list_learning_keys(request: Request) -> list[views.LearningKeyView]:
    """All versions of the learning key that stand."""
    async with pool_of(request).acquire() as connection:
        keys = await learning_key.learning_keys(connection)
    return [
        views.LearningKeyView(
            version=key.version,
            valid_from=key.valid_from,
            mapping={topic.value: indicator for topic, (indicator, _) in key.mapping.items()},
            revision=key.revision,
        )
        for key in keys
    ]
