"""The least that answers a published figure over HTTP: a primary-key lookup in the house's own app, as JSON.

`python -m deploy.bench.bare_lookup`
"""

import msgspec
from fastapi import APIRouter, Request, Response

from shared.http.app import create_app
from shared.http.request_state import pool_of
from shared.observability import logs
from shared.processes import api_server
from shared.runtime.settings import Settings

_ONE = """
SELECT code, area, period, source, respondents, n, numerator, denominator, publication FROM published
WHERE kind = 'indicator' AND code = $1 AND source = 'survey' AND period = $2 AND area = $3
"""

router = APIRouter(prefix="/monitor/v1")


@router.get("/lookup/{code}/{period}/{area}")
async def look_up(request: Request, code: str, period: str, area: str) -> Response:
    """One row."""
    async with pool_of(request).acquire() as connection:
        row = await connection.fetchrow(_ONE, code, period, area)
    return Response(msgspec.json.encode(dict(row or {})), media_type="application/json")


if __name__ == "__main__":
    settings = Settings.load()
    logs.configure(settings.log_level)
    api_server.serve(create_app("monitor", "Lookup", settings, [router]), settings)
