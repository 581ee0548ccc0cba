"""Trouble that repeats is said once every few seconds: what happens meanwhile must not be pushed out of the log."""

import logging
import time
from collections.abc import Callable

import structlog

#: Between two lines of a kind.
SECONDS = 5.0
#: Both speak of an outage of Kafka, of every connection and at every attempt.
_CLIENTS = {"aiokafka": "clients", "stamina": "clients"}


class Sparing:
    """Lets a line of a kind through, then none for some seconds; the next says how many there were between."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[str, tuple[float, int]] = {}

    def unsaid(self, kind: str) -> int | None:
        """How many of a kind were left out since the last that was not; None: leave this one out too."""
        now = self._clock()
        at, left_out = self._said.get(kind, (now - SECONDS, 0))
        if now - at < SECONDS:
            self._said[kind] = at, left_out + 1
            return None
        self._said[kind] = now, 0
        return left_out


class SparingFilter(logging.Filter):
    """For what libraries warn of: by library, whatever they say."""

    def __init__(self, sparing: Sparing) -> None:
        super().__init__()
        self._sparing = sparing

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to say it."""
        if record.levelno < logging.WARNING:
            return True
        library = record.name.partition(".")[0]
        unsaid = self._sparing.unsaid(_CLIENTS.get(library, library))
        record.unsaid = unsaid
        return unsaid is not None


def tell_unsaid(_: object, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """For a line of a library: how many were left out before it."""
    if unsaid := getattr(event["_record"], "unsaid", 0):
        event["unsaid"] = unsaid
    return event


def spare(sparing: Sparing) -> structlog.types.Processor:
    """For what we warn of ourselves: by what we say. Errors are each said."""

    def process(_: object, level: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        if level == "warning":
            said = str(event["event"])
            unsaid = sparing.unsaid(_CLIENTS.get(said.partition(".")[0], said))
            if unsaid is None:
                raise structlog.DropEvent
            if unsaid:
                event["unsaid"] = unsaid
        return event

    return process
