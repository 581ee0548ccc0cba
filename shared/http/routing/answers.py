"""What every answer has, whatever it is: it is whole, may be read from elsewhere when it is open, HEAD has no body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .cors import OPEN, OpenReads


class Answers:
    """Wraps a whole app, outside everything."""

    def __init__(self, app: ASGIApp, open_reads: OpenReads) -> None:
        self._app = app
        self._open = open_reads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        whole = False

        async def answer(message: Message) -> None:
            nonlocal whole
            if message["type"] == "http.response.start":
                if self._open.has(scope["method"], scope["path"], scope.get("route")):
                    message["headers"] += OPEN
                await send(message)
            elif not whole:
                whole = head or not message.get("more_body", False)
                await send({"type": "http.response.body", "body": b"", "more_body": False} if head else message)

        try:
            await self._app(scope, receive, answer)
        except Exception:
            # Raised after an answer that is whole: it is in the log, and the server, told of it, would drop the
            # connection and with it what its client asks next.
            if not whole:
                raise
