"""Editions over HTTP: published once, downloaded as they were."""

import base64
from functools import partial
from typing import BinaryIO

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from shared.http import commands
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import EditionId
from shared.http.idempotency import IdempotencyKey
from shared.http.problems import Problem
from shared.http.request_state import pool_of
from shared.http.routing.media import CsvDownload

from .. import download
from ..roles import ProgrammeTeam
from . import handlers, series
from .bodies import EditionBody
from .edition import Edition, EditionDiffers, FileKind
from .views import MEDIA, EditionsView, EditionView, edition_view

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)
_DIGEST = {"Repr-Digest": {"description": "its SHA-256, as RFC 9530 has it", "schema": {"type": "string"}}}
_NAME = {"Content-Disposition": {"description": "the name of the file", "schema": {"type": "string"}}}
_ANSWERS: dict[int | str, dict[str, object]] = {
    200: {"headers": _DIGEST | _NAME},
    304: {"description": "Niet veranderd sinds deze ETag", "headers": _DIGEST},
}
_log = structlog.get_logger(__name__)


@router.post("/editions", status_code=201, response_model=Recorded)
async def publish_edition(
    request: Request, body: EditionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Freeze the public figures. 201 when new, 200 when exactly this edition is there."""
    wanted = body.wanted()
    return await commands.record_as(wanted.id, request, principal, key, handlers.publish, wanted)


@router.get("/editions")
async def list_editions(request: Request) -> EditionsView:
    """All editions, oldest first."""
    async with pool_of(request).acquire() as connection:
        return EditionsView(items=[edition_view(edition) for edition in await series.editions(connection)])


@router.get("/editions/{edition}.csv", response_class=CsvDownload, responses=_ANSWERS)
async def get_edition_csv(request: Request, edition: EditionId) -> Response:
    """All its figures as CSV."""
    return await _file(request, edition, "csv")


@router.get("/editions/{edition}.json", response_class=JSONResponse, responses=_ANSWERS)
async def get_edition_json(request: Request, edition: EditionId) -> Response:
    """All its figures as JSON, with names, definitions and the baseline as they were."""
    return await _file(request, edition, "json")


@router.get("/editions/{edition}")
async def get_edition(request: Request, edition: EditionId) -> EditionView:
    """An edition: its cut, its place in the series and its files with their checksums."""
    async with pool_of(request).acquire() as connection:
        return edition_view(await series.get(connection, edition))


async def _file(request: Request, name: str, kind: FileKind) -> Response:
    async with pool_of(request).acquire() as connection:
        edition = await series.get(connection, name)
    digest = edition.files[kind].sha256
    headers = {
        "ETag": f'"{digest}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    if digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    try:
        write, key = partial(_write, request, edition, kind), ("edition", digest)
        return await download.make(request, key, write, MEDIA[kind], f"{name}.{kind}", headers)
    except EditionDiffers as differs:
        _log.error("edition differs", edition=name, file=kind, reason=str(differs))
        raise Problem(
            500,
            "edition-differs",
            f"Editie {name} komt uit het logboek niet meer precies zo als zij is uitgebracht. Er is niets verstuurd; "
            f"de beheerder ziet dit in het log.",
        ) from differs


async def _write(request: Request, edition: Edition, kind: FileKind, out: BinaryIO) -> None:
    async with pool_of(request).acquire() as connection:
        await handlers.write(connection, edition, kind, out)
