"""Server-sent events to one reader, who is cut off when it does not take what it is sent."""

from collections.abc import AsyncIterator, Callable
from time import monotonic

import structlog
from fastapi.responses import StreamingResponse
from starlette.types import Send

from ..database import TRANSIENT
from ..observability import metrics

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_log = structlog.get_logger(__name__)


class EventStream(StreamingResponse):
    """Sends chunks of whole events as they come.

    What a reader holds up is bounded: the next chunk is made when the server's buffer for it, 64 KB, has room.
    Other readers do not notice.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        service: str,
        start: int,
        chunks: AsyncIterator[bytes],
        readers: set["EventStream"],
        abort: Callable[[], None] | None,
    ) -> None:
        """`chunks` are what comes after the position `start`.

        It is in `readers` while it is open. `abort` drops the connection; without, nobody is cut off.
        """
        super().__init__(chunks, headers=_HEADERS)
        self._service = service
        self._start = start
        self._chunks = chunks
        self._readers = readers
        self._abort = abort
        self._waits_since: float | None = None

    async def stream_response(self, send: Send) -> None:
        """Called by Starlette, which cancels it when the reader leaves."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        # An id without data fires no event: a reader that loses us before the first one resumes from here.
        welcome = b": welcome\nretry: 2000\nid: %d\n\n" % self._start
        await send({"type": "http.response.body", "body": welcome, "more_body": True})
        self._readers.add(self)
        try:
            with metrics.STREAM_SUBSCRIBERS.labels(self._service).track_inprogress():
                await self._send_chunks(send)
            self._waits_since = monotonic()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._readers.discard(self)

    async def _send_chunks(self, send: Send) -> None:
        try:
            async for chunk in self._chunks:
                self._waits_since = monotonic()
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                self._waits_since = None
        except TRANSIENT as error:
            # The reader comes back where it was.
            _log.warning("stream ended", error=repr(error))

    def cut_off_after(self, seconds: float) -> None:
        """Drop the connection when the reader has taken nothing for this long: it resumes by Last-Event-ID.

        Dropped, not closed: closing would wait until the reader has taken the rest.
        """
        if self._abort and self._waits_since is not None and monotonic() - self._waits_since > seconds:
            metrics.STREAM_CUT_OFF.labels(self._service).inc()
            _log.warning("slow reader cut off", service=self._service, patience=seconds)
            self._readers.discard(self)
            self._abort()
