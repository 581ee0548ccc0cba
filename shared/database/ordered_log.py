"""A table that readers follow by position: positions become visible in order and without gaps.

`position` is the primary key of the table. Beside it stands one with one row, which holds the last position given out:

    CREATE TABLE activity_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), last bigint NOT NULL);
    INSERT INTO activity_head (last) VALUES (0);

A sequence would not do: what commits late would get a position that readers have passed.
"""

from dataclasses import dataclass

from .connections import Connection

#: The rows were made again, each at the position it had: see shared/projections/rebuilt_log.py.
RENEWED = "renewed"


@dataclass(frozen=True, slots=True)
class OrderedLog:
    """The log in `table`, whose last position stands in `head_table`, and of which those who listen on `channel` hear.

    A row is an event: its `source` and the column `id_column` say which.
    """

    table: str
    head_table: str
    channel: str
    id_column: str = "id"

    async def advance(self, connection: Connection, count: int) -> range:
        """The next positions. Whoever else appends waits on the row of the head until this transaction ends."""
        statement = f"UPDATE {self.head_table} SET last = last + $1 RETURNING last"  # noqa: S608 - a table of ours
        last: int = await connection.fetchval(statement, count)
        return range(last - count + 1, last + 1)

    async def head(self, connection: Connection) -> int:
        """The position of the newest row; 0 when there is none."""
        position: int = await connection.fetchval(f"SELECT last FROM {self.head_table}")  # noqa: S608 - a table of ours
        return position

    async def wake(self, connection: Connection, word: str = "") -> None:
        """Tell those who follow the log, when this transaction commits. `RENEWED`: read it again."""
        await connection.execute("SELECT pg_notify($1, $2)", self.channel, word)
