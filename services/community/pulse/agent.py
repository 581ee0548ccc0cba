"""The pulse's agent: a Faust app that reads public events over a hopping window and tells what is lively.

The window is in memory. A process begins where the window does in the log, as a group of its own, and tells nothing
before it is at the end: what it was before it was killed does not matter. Approximate on purpose; what must be exact is
a projection (docs/decisions/0001-faust.md, docs/decisions/0030-pulse.md).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

import faust
import msgspec
import structlog
from aiokafka import TopicPartition
from faust.exceptions import FaustError

from shared.projections.decoding import Poison, UnknownType, decoder_of
from shared.runtime.settings import Settings

from .. import metrics
from .domain import READ_TOPICS, READS, HoppingWindow, LivelyKind, Ranking, things_of
from .log import PASSING, LogEnds, Offsets
from .message import TOLD_EVERY, TOPIC, Told, key_of

#: How often it is told what changed, and looked how far the log goes.
_TELL_SECONDS = 2.0
_LOOK_SECONDS = 2.0
#: What Kafka does not take in this long is told the next time.
_SEND_SECONDS = 15.0
#: Kafka answers, a partition has more to read, and nothing of it is read: after this long the process ends.
_STALLED_SECONDS = 60.0
#: So too when nothing was told for this long.
_SILENT_SECONDS = TOLD_EVERY.total_seconds() + _STALLED_SECONDS

_log = structlog.get_logger(__name__)


class Stalled(Exception):
    """The agent reads nothing of a partition although there is something to read, or tells nothing, and Kafka answers.

    Seen by: the operator, in the pulse's log and in `/community/health`. Ends: the pulse, with status 1; started again
    it reads its window back.
    """


class _Message(Protocol):
    topic: str
    partition: int
    offset: int
    value: bytes | None


class _Arrival(Protocol):
    message: _Message


class _Arrivals(Protocol):
    """What is asked of the agent's stream."""

    def events(self) -> AsyncIterator[_Arrival]: ...


class PulseAgent:
    """The agent's state, and who watches whether it reads."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._begun = asyncio.Event()
        self._window = HoppingWindow(settings.pulse_hours)
        #: What the agent goes on from, and where the log ended when we last heard, and first.
        self._positions: dict[TopicPartition, int] = {}
        self._ends: Offsets | None = None
        self._first_ends: Offsets | None = None
        #: Of each partition with more to read: where it stands, and since when.
        self._waits: dict[TopicPartition, tuple[int, float]] = {}
        self._decode = decoder_of(READS).decode
        self._told: Mapping[LivelyKind, Ranking] = {}
        self._told_at: datetime | None = None
        #: Whether the window was read back: until then it knows too little to tell.
        self._filled = False
        self._heard_at = self._said_at = self._clock()

    @property
    def name(self) -> str:
        """What an operator knows it by."""
        return "pulse"

    def begin(self, places: Offsets) -> None:
        """It reads from here on."""
        self._positions = dict(places)
        self._begun.set()

    def take(self, place: TopicPartition, offset: int, value: bytes | None, now: datetime) -> None:
        """One record. Raises nothing: Faust would lose what comes with it, and what cannot be read is others' to
        set aside."""
        self._positions[place] = max(offset + 1, self._positions.get(place, 0))
        try:
            event = self._decode(value)
        except (Poison, UnknownType):
            return
        if event is not None and self._window.is_new(place.topic, place.partition, event.source, event.sequence):
            self._window.count(event.time, things_of(event.data), now)

    def news(self, now: datetime) -> list[Told]:
        """What is to be told now: all when something changed or nothing was told for a while."""
        if not self._filled:
            return []
        rankings = self._window.rankings(now)
        if rankings == self._told and self._told_at is not None and now - self._told_at < TOLD_EVERY:
            return []
        self._told, self._told_at = rankings, now
        since = self._window.begins(now)
        return [Told(kind=kind, since=since, at=now, ranking=ranking) for kind, ranking in rankings.items()]

    def said(self, arrived: bool) -> None:
        """Whether what was to be told arrived; if not, it is told the next time."""
        if arrived:
            self._said_at = self._clock()
        else:
            self._told_at = None

    def problem(self) -> str | None:
        """What is wrong, or None."""
        now, limit = self._clock(), self._settings.stuck_after_seconds
        if self._ends is None:
            return "the pulse has not heard from Kafka yet"
        if (silence := now - self._heard_at) > limit:
            return f"the pulse has not heard from Kafka for {silence:.0f} s"
        if (still := self._still(now)) > limit:
            return f"the pulse has events to read and did not move for {still:.0f} s"
        if not self._filled:
            return f"the pulse reads its window back: {_between(self._positions, self._ends)} events to go"
        if (unsaid := now - self._said_at) > TOLD_EVERY.total_seconds() + limit:
            return f"the pulse told nothing for {unsaid:.0f} s"
        return None

    async def run(self) -> None:
        """Watch until cancelled. Raises Stalled."""
        await self._begun.wait()
        while True:
            try:
                async with LogEnds(self._settings.kafka_servers, READ_TOPICS) as log:
                    while True:
                        self.look(await log.ends())
                        await asyncio.sleep(_LOOK_SECONDS)
            except PASSING as error:
                _log.warning("the pulse does not hear from Kafka", error=repr(error))
                # While nobody answers the agent can neither read nor tell: patience begins again.
                self._waits.clear()
                self._said_at = self._clock()
                await asyncio.sleep(_LOOK_SECONDS)

    def look(self, ends: Offsets) -> None:
        """The log ends here now. Raises Stalled."""
        now = self._clock()
        self._ends, self._heard_at = ends, now
        if self._first_ends is None:
            self._first_ends = ends
        behind = _between(self._positions, ends)
        metrics.PULSE_LAG.set(behind)
        if not self._filled and not _between(self._positions, self._first_ends):
            self._filled, self._said_at = True, now
        stands = {place: at for place, end in ends.items() if end > (at := self._positions.get(place, 0))}
        self._waits = {
            place: before if (before := self._waits.get(place)) and before[0] == at else (at, now)
            for place, at in stands.items()
        }
        if (still := self._still(now)) > _STALLED_SECONDS:
            raise Stalled(f"{behind} events to read, and of a partition none was read for {still:.0f} s")
        if self._filled and (unsaid := now - self._said_at) > _SILENT_SECONDS:
            raise Stalled(f"nothing was told for {unsaid:.0f} s")

    def _still(self, now: float) -> float:
        """For how long a partition with more to read has not moved."""
        return max((now - since for _, since in self._waits.values()), default=0.0)


def _between(positions: Offsets, ends: Offsets) -> int:
    return sum(max(end - positions.get(place, 0), 0) for place, end in ends.items())


def add_agent(app: faust.App, pulse: PulseAgent) -> None:
    """Have a Faust app read for the pulse, and tell what it finds."""
    source = app.topic(*READ_TOPICS, key_serializer="raw", value_serializer="raw")
    told = app.topic(TOPIC, key_serializer="raw", value_serializer="raw")

    @app.agent(source)
    async def pulse_agent(stream: _Arrivals) -> None:
        async for arrival in stream.events():
            message = arrival.message
            place = TopicPartition(message.topic, message.partition)
            pulse.take(place, message.offset, message.value, datetime.now(UTC))

    async def tell() -> None:
        news = pulse.news(datetime.now(UTC))
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                for each in news:
                    await (await told.send(key=key_of(each.kind), value=msgspec.json.encode(each)))
        except (*PASSING, FaustError) as error:
            pulse.said(arrived=False)
            _log.warning("the pulse was not told", error=repr(error))
        else:
            if news:
                pulse.said(arrived=True)

    app.timer(_TELL_SECONDS)(tell)


def new_group() -> str:
    """A name for a group of one: every process reads all, so two of them tell the same."""
    return f"community.pulse-{uuid4()}"
