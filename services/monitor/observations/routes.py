"""Observations over HTTP: a file in, how far it is and what was wrong with it, and what is published out again."""

import codecs
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, BinaryIO, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from shared.database import Record
from shared.http.auth import Require
from shared.http.fields import FileName, Id, Limit
from shared.http.request_state import pool_of
from shared.http.routing.media import CsvDownload, WorkbookDownload
from shared.http.upload_route import UploadRoute
from shared.outbox.cause import Cause
from shared.refusals import NotFound

from .. import download
from ..indicators import register as indicators
from ..published.register import State, state
from . import export, store
from .domain import Offer
from .file.layout import SOURCES
from .receiving import XLSX
from .uploads import Uploads
from .views import Error, Import, ImportWithErrors, import_view

_CSV = "text/csv; charset=utf-8"
#: Errors in an answer; those that are kept are in the report.
_SHOWN = 1000

router = APIRouter(prefix="/monitor/v1", tags=["observations"])
upload_router = APIRouter(prefix="/monitor/v1", tags=["observations"], route_class=UploadRoute)
_PROGRAMME = [Depends(Require("programme"))]


@upload_router.post(
    "/observations",
    status_code=202,
    dependencies=_PROGRAMME,
    response_model=Import,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("text/csv", XLSX)},
        }
    },
)
async def offer_observations(
    request: Request,
    file_name: Annotated[FileName, Query(alias="bestandsnaam")],
    good_rows: Annotated[bool, Query(alias="goedeRijen", description="store the good rows without the others")] = False,
) -> Response:
    """Offer a file of observations, CSV or XLSX, as the body. 202: it is being read, see Location."""
    running: Uploads = request.app.state.uploads
    file = running.intake.admit(request.headers)
    try:
        await file.receive(request.stream())
        now = datetime.now(UTC)
        offer = Offer(str(uuid4()), file_name, file.sha256, good_rows)
        async with pool_of(request).acquire() as connection:
            await store.insert_upload(connection, offer.id, offer.sha256, file_name, good_rows, file.size, now)
            row = await store.upload(connection, offer.id)
    except BaseException:
        file.discard()
        raise
    running.start(file, offer, Cause(now, request.state.correlation_id, request.state.traceparent))
    body = import_view(_there(row), now).model_dump_json(by_alias=True).encode()
    location = f"/monitor/v1/observation-imports/{offer.id}"
    return Response(body, 202, {"Location": location}, media_type="application/json")


@router.get("/observation-imports", dependencies=_PROGRAMME)
async def list_imports(request: Request, limit: Limit = 50) -> list[Import]:
    """The files that were offered, latest first."""
    async with pool_of(request).acquire() as connection:
        rows = await store.uploads(connection, limit)
    return [import_view(row, datetime.now(UTC)) for row in rows]


@router.get("/observation-imports/{id}", dependencies=_PROGRAMME)
async def get_import(request: Request, id: Id) -> ImportWithErrors:
    """How far a file is, and the first thousand errors in it."""
    async with pool_of(request).acquire() as connection:
        row = _there(await store.upload(connection, id))
        errors = await store.errors(connection, id, _SHOWN)
    view = import_view(row, datetime.now(UTC))
    return ImportWithErrors(**dict(view), errors=[Error(**error) for error in errors])


@router.get("/observation-imports/{id}/errors.csv", response_class=CsvDownload, dependencies=_PROGRAMME)
async def get_errors(request: Request, id: Id) -> StreamingResponse:
    """What was wrong with a file, as CSV: the errors that are kept, and how many more there were."""
    async with pool_of(request).acquire() as connection:
        row = _there(await store.upload(connection, id))
    return _download(_kept_errors(request, id, row["errors"] - row["errors_kept"]), "fouten.csv")


@router.get("/observations.csv", response_class=CsvDownload)
async def get_observations(
    request: Request,
    indicator: Annotated[Id | None, Query()] = None,
    source: Annotated[
        Literal["enquete", "ggd", "open-data"] | None, Query(alias="bron", description="kind of source")
    ] = None,
) -> Response:
    """What is published of observations as they are, in the layout of an import."""

    async def write(file: BinaryIO) -> None:
        async with pool_of(request).acquire() as connection:
            async for piece in export.csv_pieces(connection, indicator, SOURCES[source] if source else None):
                file.write(piece)

    key = ("observations csv", indicator, source, await _version(request, indicator))
    return await download.make(request, key, write, _CSV, "waarnemingen.csv")


@router.get("/observations.xlsx", response_class=WorkbookDownload)
async def get_workbook(
    request: Request,
    indicator: Annotated[Id | None, Query()] = None,
    source: Annotated[
        Literal["enquete", "ggd", "open-data"] | None, Query(alias="bron", description="kind of source")
    ] = None,
) -> Response:
    """The same as a workbook."""

    async def write(file: BinaryIO) -> None:
        async with pool_of(request).acquire() as connection:
            await export.write_xlsx(connection, indicator, SOURCES[source] if source else None, file)

    key = ("observations xlsx", indicator, source, await _version(request, indicator))
    return await download.make(request, key, write, XLSX, "waarnemingen.xlsx")


async def _version(request: Request, indicator: str | None) -> State:
    """Of all that is published: what is made later is of this or a later one. Raises NotFound for the indicator."""
    async with pool_of(request).acquire() as connection:
        await indicators.require_choice(connection, indicator)
        return await state(connection)


async def _kept_errors(request: Request, id_: str, others: int) -> AsyncIterator[bytes]:
    """By page: a slow reader holds no connection. With a byte order mark: it is for people, and their Excel."""
    yield codecs.BOM_UTF8 + _lines([["regel", "cel", "kolom", "waarde", "reden"]])
    line, number = 0, 0
    while True:
        async with pool_of(request).acquire() as connection:
            rows = await store.errors_after(connection, id_, line, number)
        if not rows:
            break
        yield _lines(
            [
                [str(row["line"]), *(export.safe(row[name] or "") for name in ("cell", "column", "value", "reason"))]
                for row in rows
            ]
        )
        line, number = rows[-1]["line"], rows[-1]["number"]
    if others:
        yield _lines([["", "", "", "", f"en nog {others} fouten, die niet bewaard zijn"]])


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def _download(pieces: AsyncIterator[bytes], name: str) -> StreamingResponse:
    return StreamingResponse(pieces, media_type=_CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _there(row: Record | None) -> Record:
    if row is None:
        raise NotFound("unknown-import", "Deze import bestaat niet.")
    return row
