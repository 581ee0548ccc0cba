"""Forward-only migrations: each service's schema and role, then the shared tables, then the service's own."""

import asyncio
from pathlib import Path

import asyncpg

from .connections import role, shadow

_SHARED = Path(__file__).parent / "migrations"
_SERVICES = Path(__file__).parents[2] / "services"
#: One migrator at a time, whichever service.
_LOCK = 7_262_026


class MigrationError(Exception):
    """A migration that ran before has since been changed, or has disappeared.

    Seen by: the operator who migrates, and `make demo`. Ends: `migrate`, with status 1; nothing of it ran.
    """


def _files(service: str) -> list[tuple[str, str]]:
    return [
        (f"{origin}/{path.name}", path.read_text(encoding="utf-8"))
        for origin, folder in (("shared", _SHARED), (service, _SERVICES / service / "migrations"))
        for path in sorted(folder.glob("[0-9]*.sql"))
    ]


async def migrate(admin_url: str, service: str, password: str | None = None) -> list[str]:
    """Bring one service's schema up to date as the owner of the database; returns what ran.

    Creates the role (with `password`) and its schemas when missing. The role may use no other.
    """
    files = await asyncio.to_thread(_files, service)
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await _role_and_schema(connection, service, password)
        return await _apply(connection, service, files)
    finally:
        await connection.close()


async def _role_and_schema(
    connection: "asyncpg.Connection[asyncpg.Record]", service: str, password: str | None
) -> None:
    name = role(service)
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name):
        await connection.execute(f"CREATE ROLE {name} LOGIN")
    if password is not None:
        # DDL takes no parameters; format() quotes.
        statement = await connection.fetchval(
            "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", name, password
        )
        await connection.execute(statement)
    for schema in (service, shadow(service)):
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {name}")
    await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")


async def _apply(
    connection: "asyncpg.Connection[asyncpg.Record]", service: str, files: list[tuple[str, str]]
) -> list[str]:
    await connection.execute(f"SET ROLE {role(service)}")
    await connection.execute(f"SET search_path TO {service}")
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migration "
        "(name text PRIMARY KEY, content text NOT NULL, ran_at timestamptz NOT NULL)"
    )
    known: dict[str, str] = {
        row["name"]: row["content"] for row in await connection.fetch("SELECT name, content FROM migration")
    }
    for name in known.keys() - {name for name, _ in files}:
        raise MigrationError(f"{service}: migration {name} ran here before but is gone from the code")
    ran = []
    for name, content in files:
        if name in known:
            if known[name] != content:
                raise MigrationError(f"{service}: migration {name} was changed after it ran: add a new one instead")
            continue
        async with connection.transaction():
            try:
                await connection.execute(content)
            except asyncpg.RaiseError as refused:
                raise MigrationError(f"{service}: {name}: {refused}") from refused
            await connection.execute("INSERT INTO migration VALUES ($1, $2, now())", name, content)
        ran.append(name)
    return ran
