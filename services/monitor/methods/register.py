"""What neighbours may ask of the register of methods: which there are."""

from shared.database import Connection

from . import store


async def methods(connection: Connection) -> dict[str, str]:
    """The name of every method by its code, in order."""
    return {row["code"]: row["name"] for row in await store.list_methods(connection)}
