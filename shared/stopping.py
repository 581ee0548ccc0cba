"""Stopping a Kafka client: asked, and not waited for beyond a few seconds."""

import asyncio
from collections.abc import Coroutine

#: Well within the ten seconds that a process has to end.
_SECONDS = 3.0


async def stop(stopping: Coroutine[None, None, None]) -> None:
    """Run a client's `stop()`, for a while.

    In a rebalance, or with Kafka out of reach, it may wait long and not hear that it is cancelled. Nothing of ours
    needs its end: what is not acknowledged is sent again, what is not folded is read again.
    """
    await asyncio.wait([asyncio.ensure_future(stopping)], timeout=_SECONDS)
