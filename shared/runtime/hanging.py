"""A process whose event loop hangs ends by itself, and its supervisor starts another.

The clock is one of Python's C code: it runs whatever holds the loop, Python's lock included, and first prints where
every thread stands. A process that was stopped by a signal for longer ends as soon as it goes on.
"""

import asyncio
import faulthandler
import sys


async def end_when_hung(seconds: float) -> None:
    """Until cancelled: while this task gets its turn, nothing ends."""
    try:
        while True:
            faulthandler.dump_traceback_later(seconds, exit=True, file=sys.stderr)
            await asyncio.sleep(seconds / 6)
    finally:
        faulthandler.cancel_dump_traceback_later()
