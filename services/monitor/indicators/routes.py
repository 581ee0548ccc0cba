"""Indicators and their versions over HTTP: translates, never decides."""

from fastapi import APIRouter, Request, Response

from shared import outbox
from shared.database import Connection
from shared.http import commands
from shared.http.bodies import RevisionBody, VersionsView
from shared.http.command_route import CommandRoute
from shared.http.commands import Done, Recorded
from shared.http.fields import Id, VersionNumber
from shared.http.idempotency import IdempotencyKey
from shared.http.request_state import pool_of
from shared.outbox.cause import Cause

from ..roles import ProgrammeTeam
from . import handlers, store, views
from .bodies import (
    IndicatorBody,
    IndicatorChangeBody,
    IndicatorCorrectionBody,
    IndicatorVersionBody,
    IndicatorVersionCorrectionBody,
)

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)


@router.post("/indicators", status_code=201, response_model=Recorded)
async def register_indicator(
    request: Request, body: IndicatorBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Define an indicator."""
    return await commands.record(request, principal, key, handlers.register_indicator, body.event(), one_statement=True)


@router.post("/indicators/{code}/versions", status_code=201, response_model=Recorded)
async def publish_indicator_version(
    request: Request, code: Id, body: IndicatorVersionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Publish the next version of an indicator."""
    return await commands.record(request, principal, key, handlers.publish_indicator_version, body.event(code))


@router.post("/indicators/{code}/corrections", status_code=201, response_model=Recorded)
async def correct_indicator(
    request: Request, code: Id, body: IndicatorCorrectionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """What was registered of an indicator was wrong from the start."""
    asked = body.asked(body.state(code))
    return await commands.record_as(code, request, principal, key, handlers.correct_indicator, asked)


@router.post("/indicators/{code}/changes", status_code=201, response_model=Recorded)
async def change_indicator(
    request: Request, code: Id, body: IndicatorChangeBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """An indicator is called otherwise, or somebody else answers for it, from a day on."""
    asked = body.asked(body.state(code))
    return await commands.record_as(code, request, principal, key, handlers.change_indicator, asked)


@router.post("/indicators/{code}/withdrawal", status_code=201, response_model=Recorded)
async def withdraw_indicator(
    request: Request, code: Id, body: RevisionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """An indicator that nothing needs is none."""
    return await commands.record_as(code, request, principal, key, handlers.withdraw_indicator, body.asked(code))


@router.get("/indicators/{code}/history")
async def get_indicator_history(request: Request, code: Id) -> VersionsView:
    """All that was said of an indicator's definition."""
    async with pool_of(request).acquire() as connection:
        return VersionsView.of(await outbox.history(connection, await store.require_registered(connection, code)))


@router.post("/indicators/{code}/versions/{number}/corrections", status_code=201, response_model=Recorded)
async def correct_version(
    request: Request,
    code: Id,
    number: VersionNumber,
    body: IndicatorVersionCorrectionBody,
    principal: ProgrammeTeam,
    key: IdempotencyKey = None,
) -> Response:
    """What was published of a version was wrong from the start."""
    asked = body.asked(body.state(code, number))
    return await commands.record_as(code, request, principal, key, handlers.correct_version, asked)


@router.post("/indicators/{code}/versions/{number}/withdrawal", status_code=201, response_model=Recorded)
async def withdraw_version(
    request: Request,
    code: Id,
    number: VersionNumber,
    body: RevisionBody,
    principal: ProgrammeTeam,
    key: IdempotencyKey = None,
) -> Response:
    """The newest version of an indicator is none: it is measured as before."""
    asked = body.asked(number)

    async def withdraw(connection: Connection, cause: Cause) -> Done:
        return Done(Recorded(id=code), await handlers.withdraw_version(connection, code, asked, cause))

    return await commands.run(request, principal, key, withdraw)


@router.get("/indicators/{code}/versions/{number}/history")
async def get_version_history(request: Request, code: Id, number: VersionNumber) -> VersionsView:
    """All that was said of a version of an indicator."""
    async with pool_of(request).acquire() as connection:
        there = await store.require_version(connection, code, number)
        return VersionsView.of(await outbox.history(connection, there))


@router.get("/indicators")
async def list_indicators(request: Request) -> list[views.IndicatorView]:
    """All indicators."""
    async with pool_of(request).acquire() as connection:
        indicators = await store.list_indicators(connection)
        versions: dict[str, list[views.IndicatorVersionView]] = {}
        for code, *values in await store.list_indicator_versions(connection):
            version = dict(zip(views.IndicatorVersionView.model_fields, values, strict=True))
            versions.setdefault(code, []).append(views.IndicatorVersionView(**version))
    return [views.IndicatorView(**row, versions=versions.get(row["code"], [])) for row in indicators]
