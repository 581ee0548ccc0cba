"""Stopping: a Kafka client is asked and not waited for beyond seconds, and a process is gone in time.

In a rebalance, or with Kafka out of reach, a client may wait long and not hear that it is cancelled. Nothing of ours
needs its end: what is not acknowledged is sent again, what is not folded is read again.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine

_CLIENT_SECONDS = 3.0
#: Docker and our own supervisor wait ten.
_PROCESS_SECONDS = 7.0

#: A task that nobody holds may be forgotten before its end.
_stopping: set[asyncio.Future[None]] = set()


async def stop(stopping: Coroutine[None, None, None]) -> bool:
    """Run a client's `stop()`, for a while; returns whether it came to its end."""
    task = asyncio.ensure_future(stopping)
    _stopping.add(task)
    task.add_done_callback(_stopping.discard)
    done, _ = await asyncio.wait([task], timeout=_CLIENT_SECONDS)
    return bool(done)


def be_gone_in_time() -> None:
    """End this process with status 0 in seconds, whatever it waits for: call it when it is told to stop."""
    timer = threading.Timer(_PROCESS_SECONDS, os._exit, (0,))
    timer.daemon = True
    timer.start()
