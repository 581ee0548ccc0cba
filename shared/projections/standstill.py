"""A projection that is halted: it waits until what is wrong is mended, and goes on by itself then."""

import asyncio
from datetime import UTC, datetime

import stamina
import structlog

from ..database import TRANSIENT, Connection, Pool
from .halts import Halt, Halted, keep, lift, standing
from .projector import pile_of_dead
from .watermarks import Partition, read_watermark

#: How often it looks whether it may go on.
_LOOK_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Standstill:
    """The halts of one projection, whichever of its workers found them."""

    def __init__(self, projection: str, pool: Pool, most_dead: int) -> None:
        self._projection = projection
        self._pool = pool
        self._most_dead = most_dead
        #: Why it stands still, if it does.
        self.halt: Halt | None = None

    async def begin(self, halt: Halt) -> None:
        """Stand still from now on, also after a restart."""
        self.halt = halt
        _log.error("halted", projection=self._projection, kind=halt.kind, reason=halt.reason)
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                async with self._pool.acquire() as connection:
                    await keep(connection, self._projection, halt, datetime.now(UTC))

    async def was_set_back(self, partition: Partition, reached: int) -> bool:
        """Whether a watermark lies before what was reached: an operator has the log read again from there."""
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                async with self._pool.acquire() as connection:
                    return await read_watermark(connection, self._projection, partition) < reached
        raise AssertionError("unreachable: the loop above returns or raises")

    async def end(self) -> None:
        """Wait for as long as a halt stands; at once when there is none."""
        while halts := await self._patiently():
            self.halt = halts[0]
            await asyncio.sleep(_LOOK_SECONDS)
        self.halt = None

    async def standing(self) -> list[Halt]:
        """The halts that stand, the first found first. A pile of dead letters that is not one any more is none."""
        async with self._pool.acquire() as connection:
            found = []
            for halt in await standing(connection, self._projection):
                if isinstance(halt, Halted):
                    at = await read_watermark(connection, self._projection, halt.partition)
                    if not await self.is_at_a_pile(connection, halt.partition, at):
                        await lift(connection, self._projection, halt.partition)
                        continue
                found.append(halt)
            return found

    async def is_at_a_pile(self, connection: Connection, partition: Partition, offset: int) -> bool:
        """Whether too many dead letters in a row end just before this offset, or lie past it."""
        upto = await pile_of_dead(connection, self._projection, partition, offset - 1, self._most_dead)
        return upto is not None

    def too_many_dead(self, partition: Partition) -> Halted:
        """Why it stands still at a pile of dead letters."""
        return Halted(
            partition,
            f"{self._projection}: {self._most_dead} dead letters in a row in {partition.topic}-{partition.number}. "
            f"Look at the reasons in the table dead_letter, mend the publisher or the projection, then replay them or "
            f"raise VEERKRACHT_HALT_AFTER_DEAD_LETTERS to go on.",
        )

    async def _patiently(self) -> list[Halt]:
        async for attempt in stamina.retry_context(on=TRANSIENT, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                return await self.standing()
        raise AssertionError("unreachable: the loop above returns or raises")
