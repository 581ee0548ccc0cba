"""`child URL FILE` takes a file in and prints its peak of memory in bytes, and the rows stored.

A process of its own, to be measured and to be killed.
"""

import asyncio
import sys
from pathlib import Path

from services.monitor.settings import MonitorSettings
from shared import database

from .world import offer


async def _take_in(url: str, file: Path) -> int:
    connection = await database.connect("monitor", MonitorSettings(database_url=url))
    _, counts = await offer(connection, file, released=False)
    await connection.close()
    return counts.stored


if __name__ == "__main__":
    stored = asyncio.run(_take_in(sys.argv[1], Path(sys.argv[2])))
    # Not by getrusage: that begins with the peak of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) * 1024, stored)
