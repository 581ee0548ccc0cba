"""A shadow as a rebuild leaves it just before the swap."""

from collections.abc import Iterable

from shared.database import Connection


async def make_shadow(monitor: Connection, tables: Iterable[str]) -> None:
    """Give these tables a shadow that says the same."""
    for table in tables:
        await monitor.execute(
            f"""CREATE TABLE monitor_rebuild.{table} (LIKE {table} INCLUDING ALL);
                INSERT INTO monitor_rebuild.{table} SELECT * FROM {table}"""  # noqa: S608  names in the tests
        )
