"""The machine-readable documents over HTTP. Open to every reader, also from another origin."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from shared.contracts import schema_path
from shared.http.fields import TypeName
from shared.refusals import NotFound
from shared.runtime.settings import Settings

from ..log.domain import PUBLIC
from . import schemas
from .views import Types, TypeView

router = APIRouter(prefix="/feeds/v1", tags=["feeds"])


# These name the media types in the OpenAPI document; answers are bytes that are JSON already.
class _SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


class _AsyncApiResponse(JSONResponse):
    media_type = "application/vnd.aai.asyncapi+json"


@router.get("/types")
async def list_types() -> Types:
    """The event types that can be read."""
    return Types(
        items=[
            TypeView(
                type=name,
                topic=entry.contract.topic,
                kind=entry.contract.kind,
                description=entry.summary,
                schema_url=schema_path(name),
            )
            for name, entry in PUBLIC.items()
        ]
    )


@router.get("/schemas/{type}.json", response_model=None, response_class=_SchemaResponse)
async def get_schema(request: Request, type: TypeName) -> Response:
    """The JSON Schema of an event type's data."""
    if type not in PUBLIC:
        raise NotFound("unknown-event-type", f"Er is geen openbaar soort gebeurtenis {type}.")
    settings: Settings = request.app.state.settings
    body = schemas.schema(PUBLIC[type].contract, settings.public_url)
    return Response(body, media_type=_SchemaResponse.media_type)


@router.get("/asyncapi.json", response_model=None, response_class=_AsyncApiResponse)
async def get_asyncapi() -> Response:
    """The AsyncAPI document of the public topics."""
    return Response(schemas.ASYNCAPI, media_type=_AsyncApiResponse.media_type)
