"""What goes over the topic of the pulse: of each kind all that is told of it, whole each time. The newest says all."""

from datetime import datetime, timedelta

import msgspec

from .domain import LivelyKind, Ranking

TOPIC = "community.pulse"
#: It is told again at least this often, so that a pulse that stands still can be told from one that changes nothing.
TOLD_EVERY = timedelta(seconds=60)


class Told(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The most lively of one kind as of `at`, over the window that begins at `since`."""

    kind: LivelyKind
    since: datetime
    at: datetime
    ranking: Ranking


_decoder = msgspec.json.Decoder(Told)


def key_of(kind: LivelyKind) -> bytes:
    """The record key: the topic keeps the newest of each."""
    return kind.value.encode()


def read_told(value: bytes | None) -> Told | None:
    """What a record says; None for one that says nothing of this, as the one that names the log."""
    try:
        return _decoder.decode(value or b"")
    except msgspec.MsgspecError:
        return None
