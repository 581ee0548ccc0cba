"""`GET /<service>/v1/directory/{kind}`."""

from datetime import date

from fastapi import APIRouter, Request

from ..http.bodies import View
from ..http.fields import Id
from ..http.request_state import pool_of
from ..refusals import NotFound
from .names import KINDS, entries


class NameView(View):
    """A name this service knows; `validUntil` is the first day it no longer existed. Nothing new may name what is
    `withdrawn`."""

    id: str
    name: str
    parent: str | None
    valid_from: date | None
    valid_until: date | None
    withdrawn: bool


class NamesView(View):
    """All names of a kind."""

    kind: str
    total: int
    items: list[NameView]


def router(service: str) -> APIRouter:
    """`GET /<service>/v1/directory/{kind}`: what this service has learnt so far."""
    routes = APIRouter(prefix=f"/{service}/v1", tags=["directory"])

    @routes.get("/directory/{kind}")
    async def list_directory(request: Request, kind: Id) -> NamesView:
        """Names of one kind: municipality, region, province, organisation or initiative."""
        if kind not in KINDS:
            raise NotFound("unknown-kind", f"Er zijn geen namen van de soort {kind}: kies uit {', '.join(KINDS)}.")
        async with pool_of(request).acquire() as connection:
            rows = await entries(connection, kind)
        return NamesView(kind=kind, total=len(rows), items=[NameView(**row) for row in rows])

    return routes
