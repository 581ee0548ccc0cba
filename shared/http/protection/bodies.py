"""Bodies that are read into memory: each and all together are bounded. How slowly one may come is the server's matter
(`shared/processes/http_protocol.py`)."""

from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from ..problems import Problem

MAX_BODY = 1_048_576


class Bodies:
    """What the requests of one service hold in memory."""

    def __init__(self, most: int) -> None:
        """At most so many bytes together."""
        self._most = most
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes that are in memory now."""
        return self._held

    async def read(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """The whole body; `release` its length afterwards.

        Raises Problem when it is too large or there is no room, and ClientDisconnect when it does not come.
        """
        declared = headers.get(b"content-length", b"")
        if declared.isdigit() and int(declared) > MAX_BODY:
            raise _too_large()
        message = await _next(receive)
        if not message.get("more_body", False):
            body: bytes = message.get("body", b"")
            self._hold(len(body))
            return body
        return await self._read_on(bytearray(message.get("body", b"")), receive)

    async def _read_on(self, body: bytearray, receive: Receive) -> bytes:
        held = 0
        try:
            while True:
                self._hold(len(body) - held)
                held = len(body)
                message = await _next(receive)
                body += message.get("body", b"")
                if len(body) > MAX_BODY:
                    raise _too_large()
                if not message.get("more_body", False):
                    self._hold(len(body) - held)
                    return bytes(body)
        except BaseException:
            self.release(held)
            raise

    def _hold(self, size: int) -> None:
        if size > MAX_BODY:
            raise _too_large()
        if self._held + size > self._most:
            detail = "Er komen nu te veel grote berichten tegelijk binnen. Er is niets opgeslagen: stuur het zo weer."
            raise Problem(503, "too-many-bodies", detail, headers={"Retry-After": "2"})
        self._held += size

    def release(self, size: int) -> None:
        """So many bytes are not needed any more."""
        self._held -= size


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message


def _too_large() -> Problem:
    return Problem(413, "body-too-large", f"Het bericht is groter dan {MAX_BODY} bytes. Er is niets opgeslagen.")
