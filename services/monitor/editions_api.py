"""Editions over HTTP: published once, downloaded as they were."""

import base64
from datetime import datetime
from functools import partial
from typing import Annotated, BinaryIO

import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from shared.http import commands
from shared.http.auth import Principal, Require
from shared.http.bodies import Body, View
from shared.http.command_route import CommandRoute
from shared.http.commands import Recorded
from shared.http.fields import OneLine
from shared.http.idempotency import IdempotencyKey
from shared.http.problems import Problem
from shared.http.request_state import pool_of

from . import downloads, editions
from .editions import Edition, EditionDiffers, FileKind, WantedEdition

router = APIRouter(prefix="/monitor/v1", tags=["monitor"], route_class=CommandRoute)
ProgrammeTeam = Annotated[Principal, Depends(Require("programme"))]
#: Begins with a letter, so that it is never taken for a number or a day.
EditionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
MEDIA: dict[FileKind, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_log = structlog.get_logger(__name__)


def _written_as_moment(value: object) -> datetime:
    try:
        if isinstance(value, str) and (moment := datetime.fromisoformat(value)).tzinfo is not None:
            return moment
    except ValueError:
        pass
    raise PydanticCustomError("moment", "hier hoort een moment zoals 2026-11-24T09:00:00Z")


class EditionBody(Body):
    """An edition to be. Cut at a publication, or at the newest one at a moment; without either at the newest of all.

    Publication 0 is before the first: the baseline, and no figure of ours.
    """

    id: EditionId
    title: OneLine
    publication: Annotated[int, Field(ge=0, le=10**15, strict=True)] | None = None
    at: Annotated[datetime, BeforeValidator(_written_as_moment)] | None = None

    def wanted(self) -> WantedEdition:
        """What is to be published."""
        return WantedEdition(self.id, self.title, self.publication, self.at)


class EditionFile(View):
    """A file of an edition. `sha256` and `bytes` never change."""

    href: str
    media_type: str
    bytes: int
    sha256: str


class PositionView(View):
    """The first offset of a partition that is not in it."""

    topic: str
    partition: int
    next_offset: int


class EditionView(View):
    """A frozen publication of every public figure. `watermarks` and `outbox` are positions in the log, at its cut."""

    id: str
    title: str
    publication: int
    cut_at: datetime
    published_at: datetime
    cells: int
    format: int
    generator: str
    watermarks: list[PositionView]
    outbox: int
    previous: str | None
    next: str | None
    files: list[EditionFile]


class EditionsView(View):
    """The series, oldest first."""

    items: list[EditionView]


@router.post("/editions", status_code=201, response_model=Recorded)
async def publish_edition(
    request: Request, body: EditionBody, principal: ProgrammeTeam, key: IdempotencyKey = None
) -> Response:
    """Freeze the public figures. 201 when new, 200 when exactly this edition is there."""
    wanted = body.wanted()
    return await commands.record_as(wanted.id, request, principal, key, editions.publish, wanted)


@router.get("/editions")
async def list_editions(request: Request) -> EditionsView:
    """All editions, oldest first."""
    async with pool_of(request).acquire() as connection:
        return EditionsView(items=[view(edition) for edition in await editions.series(connection)])


@router.get("/editions/{edition}.csv", response_class=Response)
async def get_edition_csv(request: Request, edition: EditionId) -> Response:
    """All its figures as CSV."""
    return await _file(request, edition, "csv")


@router.get("/editions/{edition}.json", response_class=Response)
async def get_edition_json(request: Request, edition: EditionId) -> Response:
    """All its figures as JSON, with names, definitions and the baseline as they were."""
    return await _file(request, edition, "json")


@router.get("/editions/{edition}")
async def get_edition(request: Request, edition: EditionId) -> EditionView:
    """An edition: its cut, its place in the series and its files with their checksums."""
    async with pool_of(request).acquire() as connection:
        return view(await editions.get(connection, edition))


def view(edition: Edition) -> EditionView:
    """An edition as it is answered."""
    name = edition.head.edition
    return EditionView(
        id=name,
        title=edition.head.title,
        publication=edition.head.publication,
        cut_at=edition.head.cut_at,
        published_at=edition.published_at,
        cells=edition.cells,
        format=edition.format,
        generator=edition.generator,
        watermarks=[
            PositionView(topic=one.topic, partition=one.partition, next_offset=one.next_offset)
            for one in edition.watermarks
        ],
        outbox=edition.outbox,
        previous=edition.previous,
        next=edition.next,
        files=[
            EditionFile(
                href=f"/monitor/v1/editions/{name}.{kind}",
                media_type=MEDIA[kind].partition(";")[0],
                bytes=file.bytes,
                sha256=file.sha256,
            )
            for kind, file in edition.files.items()
        ],
    )


async def _file(request: Request, name: str, kind: FileKind) -> Response:
    async with pool_of(request).acquire() as connection:
        edition = await editions.get(connection, name)
    digest = edition.files[kind].sha256
    headers = {
        "ETag": f'"{digest}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    if digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    try:
        return await downloads.make(partial(_write, request, edition, kind), MEDIA[kind], f"{name}.{kind}", headers)
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
        await editions.write(connection, edition, kind, out)
