"""Fast path, for the benchmark rows `the map of a year, again` and `one figure`: what was answered is kept.

Nothing changes between two publications, so an answer holds as long as its version does, and the registers as long as
they have not grown. Without this module every answer is built again and says the same.
"""

from fastapi import Request

from shared.database import Connection

from .register import Register, State, read_register

#: How many answers a process keeps, and of how many bytes at most: a map of 500 municipalities is 120 kB.
_KEPT, _LARGEST = 100, 200_000


def answers_of(request: Request, version: str) -> dict[bytes, bytes]:
    """The answers of this version by address: many readers look at the same map."""
    of, kept = getattr(request.app.state, "answers", ("", {}))
    if of != version:
        kept = {}
        request.app.state.answers = version, kept
    return kept


def find(kept: dict[bytes, bytes], url: bytes) -> bytes | None:
    """What was answered, if it is kept; it is then the last that was asked for."""
    body = kept.pop(url, None)
    if body is not None:
        kept[url] = body
    return body


def keep(kept: dict[bytes, bytes], url: bytes, body: bytes) -> None:
    """Keep an answer, in the place of the one that was asked for longest ago."""
    if len(body) <= _LARGEST:
        if len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        kept[url] = body


async def register_of(request: Request, connection: Connection, seen: State) -> Register:
    """The registers, read again only when they have grown."""
    kept: Register | None = getattr(request.app.state, "register", None)
    if kept is None or kept.registers != seen.registers:
        kept = request.app.state.register = await read_register(connection, seen)
    return kept
