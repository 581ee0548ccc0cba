"""The version of an answer about public figures: nothing changes between two publications."""

from collections.abc import Awaitable, Callable

import msgspec
from fastapi import Request, Response

from shared.database import Connection
from shared.http.request_state import pool_of

from . import cache
from .register import Register, State, state

#: Part of every ETag: another number whenever an answer takes another shape.
_SHAPE = 1

Build = Callable[[Connection, State, Register], Awaitable[object]]


async def answer(request: Request, build: Build) -> Response:
    """304 when the reader has this version, which costs one look; else what is built, once for each version."""
    async with pool_of(request).acquire() as connection:
        seen = await state(connection)
        etag = f'"{_SHAPE}-{seen.publication}-{seen.registers}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if _has(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        kept, url = cache.answers_of(request, etag), request.scope["raw_path"] + b"?" + request.scope["query_string"]
        body = cache.find(kept, url)
        if body is None:
            register = await cache.register_of(request, connection, seen)
            body = msgspec.json.encode(await build(connection, seen, register))
            cache.keep(kept, url, body)
    return Response(body, media_type="application/json", headers=headers)


def _has(given: str, etag: str) -> bool:
    """Whether If-None-Match names this version, by weak comparison: a proxy that compresses makes an ETag weak."""
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in given.split(","))
