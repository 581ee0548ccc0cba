"""One origin for all services in one process: `python -m deploy.local.web`. In Compose a proxy does this."""

import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from shared.observability import logs
from shared.processes import api_server
from shared.runtime.settings import Settings, SettingsError

from . import SERVICES

#: Of the operator: how much waits to be published is not for the public. As deploy/proxy/nginx.conf has it.
_MEASURED = re.compile(r"/[a-z]+/metrics")
_no_metrics = JSONResponse(
    {"status": 404, "title": "Niet gevonden", "detail": "Metingen zijn er voor de beheerder, niet hier."},
    404,
    media_type="application/problem+json",
    headers={"Cache-Control": "no-store"},
)
#: Answers `/` and what nobody else answers.
_DEFAULT = "community"


class OneOrigin:
    """Sends a request to the app that owns its first path segment; starts and stops all apps together."""

    def __init__(self, by_prefix: Mapping[str, FastAPI], default: FastAPI) -> None:
        """`by_prefix` maps `/segment` to an app, which sees the full path."""
        self._by_prefix = by_prefix
        self._default = default
        apps = dict.fromkeys([*by_prefix.values(), default])

        @asynccontextmanager
        async def all_lifespans(_: Starlette) -> AsyncIterator[None]:
            async with AsyncExitStack() as running:
                for app in apps:
                    await running.enter_async_context(app.router.lifespan_context(app))
                yield

        # Speaks the lifespan protocol for us: a lifespan that fails fails the startup, with its message.
        self._lifespans = Starlette(lifespan=all_lifespans)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._lifespans(scope, receive, send)
            return
        if _MEASURED.fullmatch(scope["path"]):
            await _no_metrics(scope, receive, send)
            return
        first_segment = "/" + scope["path"].removeprefix("/").partition("/")[0]
        await self._by_prefix.get(first_segment, self._default)(scope, receive, send)


def create_app() -> OneOrigin:
    """Every service's app at one origin, each with its own settings. Raises SettingsError."""
    apps: dict[str, FastAPI] = {}
    by_prefix: dict[str, FastAPI] = {}
    for service in SERVICES:
        module = import_module(f"services.{service}.app")
        apps[service] = module.create_app(module.SETTINGS.load())
        prefixes: tuple[str, ...] = import_module(f"services.{service}").PREFIXES
        by_prefix.update(dict.fromkeys(prefixes, apps[service]))
    return OneOrigin(by_prefix, apps[_DEFAULT])


def main() -> int:
    """Serve until TERM or INT."""
    try:
        settings = Settings.load()
        app = create_app()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(settings.log_level)
    api_server.serve(app, settings)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
