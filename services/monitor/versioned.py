"""Answers of public figures, built once for each version: nothing changes between two publications."""

from collections.abc import Awaitable, Callable

import msgspec
from fastapi import Request, Response

from shared.database import Connection
from shared.http.request_state import pool_of

from . import reading
from .reading import Register, State

#: Part of every ETag: another number whenever an answer takes another shape.
_SHAPE = 1
#: How many answers a process keeps, and of how many bytes at most: a map of 500 municipalities is 120 kB.
_KEPT, _LARGEST = 100, 200_000

Build = Callable[[Connection, State, Register], Awaitable[object]]


async def answer(request: Request, build: Build) -> Response:
    """304 when the reader has this version, which costs one look; else what is built, once for each version."""
    async with pool_of(request).acquire() as connection:
        seen = await reading.state(connection)
        etag = f'"{_SHAPE}-{seen.publication}-{seen.registers}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if _has(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        kept = _kept(request, etag)
        url = request.scope["raw_path"] + b"?" + request.scope["query_string"]
        body = kept.pop(url, None)
        if body is not None:
            kept[url] = body  # as the last that was asked for
        else:
            body = msgspec.json.encode(await build(connection, seen, await _register(request, connection, seen)))
            if len(body) <= _LARGEST:
                if len(kept) >= _KEPT:
                    del kept[next(iter(kept))]
                kept[url] = body
    return Response(body, media_type="application/json", headers=headers)


def _kept(request: Request, etag: str) -> dict[bytes, bytes]:
    """Answers of this version by address: many readers look at the same map."""
    version, kept = getattr(request.app.state, "answers", ("", {}))
    if version != etag:
        kept = {}
        request.app.state.answers = etag, kept
    return kept


def _has(given: str, etag: str) -> bool:
    """Whether If-None-Match names this version, by weak comparison: a proxy that compresses makes an ETag weak."""
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in given.split(","))


async def _register(request: Request, connection: Connection, seen: State) -> Register:
    """The registers, read again only when they have grown."""
    kept: Register | None = getattr(request.app.state, "register", None)
    if kept is None or kept.registers != seen.registers:
        kept = request.app.state.register = await reading.register(connection, seen)
    return kept
