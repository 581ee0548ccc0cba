"""The outbox: events stored in the transaction of what caused them, for the relay to publish."""

from .cause import Cause, StoredAnswer
from .one_statement import insert_with_event
from .store import Draft, append, append_with_internal, history, id_in_use, id_of, is_repeat, require_repeat

__all__ = [
    "Cause",
    "Draft",
    "StoredAnswer",
    "append",
    "append_with_internal",
    "history",
    "id_in_use",
    "id_of",
    "insert_with_event",
    "is_repeat",
    "require_repeat",
]
