"""Several reads that see the same moment, so that their answers tie."""

from contextlib import AbstractAsyncContextManager

from shared.database import Connection


def snapshot(connection: Connection) -> AbstractAsyncContextManager[object]:
    """A transaction that only reads, and reads everything as it was when it began."""
    return connection.transaction(isolation="repeatable_read", readonly=True)
