"""The least that stores a dialogue over HTTP: FastAPI, pydantic and asyncpg, and nothing of the house."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING

import asyncpg
import uvicorn
from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.runtime.settings import Settings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

_INSERT = """
INSERT INTO dialogue (id, municipality, neighbourhood, organiser, initiative, themes, planned_on, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned')
"""


class Dialogue(BaseModel):
    """The body, and the answer."""

    model_config = ConfigDict(alias_generator=to_camel)

    id: str
    municipality: str
    neighbourhood: str | None = None
    organiser: str
    initiative: str | None = None
    themes: list[str]
    planned_on: date


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The pool."""
    settings = Settings.load()
    app.state.pool = await asyncpg.create_pool(
        settings.database_url,
        user="veerkracht_community",
        server_settings={"search_path": "community"},
        min_size=1,
        max_size=settings.database_pool_size,
    )
    yield
    app.state.pool.terminate()


app = FastAPI(lifespan=lifespan)


@app.post("/dialogues", status_code=201)
async def plan(request: Request, body: Dialogue) -> Dialogue:
    """Store it."""
    pool: Pool = request.app.state.pool
    async with pool.acquire() as connection:
        await connection.execute(
            _INSERT,
            body.id,
            body.municipality,
            body.neighbourhood,
            body.organiser,
            body.initiative,
            body.themes,
            body.planned_on,
        )
    return body


if __name__ == "__main__":
    settings = Settings.load()
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
    )
