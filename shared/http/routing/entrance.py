"""What is asked, before a service's routes see it: HEAD, OPTIONS, what is not allowed, a page with a slash too many."""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .cors import PREFLIGHT, OpenReads
from .kinds import is_page, methods_of


class _HeadersAreOut(Exception):
    """Who asks for the headers has them: the body need not be made.

    Seen by: nobody. Ends: the making of the answer.
    """


class Entrance:
    """Wraps the router of a service, within what makes answers of exceptions."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], open_reads: OpenReads) -> None:
        self._app = app
        self._routes = routes
        self._open = open_reads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if "\0" in scope.get("path", ""):
            # Nothing is called so, and Postgres has no such text.
            raise HTTPException(404)
        match scope.get("method"):
            case "HEAD":
                await self._headers(scope, receive, send)
            case "OPTIONS":
                await self._options(scope, receive, send)
            case _:
                await self._ask(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except HTTPException as error:
            # The router names the methods of the first route that it found at this path.
            if error.status_code == 405:
                raise HTTPException(405, headers={"Allow": ", ".join(self._allowed(scope))}) from None
            if error.status_code == 404 and (page := self._page_without_slash(scope)) is not None:
                await Response(status_code=308, headers={"Location": page})(scope, receive, send)
                return
            raise

    async def _headers(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As GET, without its body. What is still being made when the first piece is there, is made no further."""
        asked = {**scope, "method": "GET"}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                if "route" in asked:
                    scope["route"] = asked["route"]
                await send(message)
            elif message["type"] == "http.response.body":
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                if message.get("more_body"):
                    raise _HeadersAreOut

        try:
            await self._ask(asked, receive, answer)
        except _HeadersAreOut:
            return

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._at(scope)
        if not found:
            raise HTTPException(404)
        scope["route"] = found[0]
        headers = {"Allow": ", ".join(self._allowed(scope))}
        wanted = Headers(scope=scope).get("access-control-request-method", "")
        if any(wanted in methods_of(route) and self._open.has(wanted, scope["path"], route) for route in found):
            headers |= {"Access-Control-Allow-Origin": "*", **PREFLIGHT}
        await Response(status_code=204, headers=headers)(scope, receive, send)

    def _at(self, scope: Scope) -> list[BaseRoute]:
        # Not the scope itself: a route that was tried may have written its own path into it.
        asked = {"type": "http", "method": scope["method"], "path": scope["path"]}
        return [route for route in self._routes if route.matches(asked)[0] is not Match.NONE]

    def _allowed(self, scope: Scope) -> list[str]:
        return sorted({"OPTIONS"}.union(*(methods_of(route) for route in self._at(scope))))

    def _page_without_slash(self, scope: Scope) -> str | None:
        """Where the page is that was meant."""
        path: str = scope["path"]
        bare = path.rstrip("/")
        if scope["method"] != "GET" or bare == path or not bare:
            return None
        if not any(is_page(route) for route in self._at({**scope, "path": bare})):
            return None
        query: str = scope["query_string"].decode("latin-1")
        return quote(bare) + (f"?{query}" if query else "")
