"""What a page says above what it shows: which parts of the question it left out."""

from contextvars import ContextVar

_MOST = 5
_SHOWN = 60

_of_this_request: ContextVar[list[str] | None] = ContextVar("notices", default=None)


def begin() -> None:
    """A new question: nothing was left out of it yet."""
    _of_this_request.set([])


def left_out(name: str, value: str, reason: str = "") -> None:
    """Tell the reader that a choice of the question was not used, and why when that helps."""
    told = f"Onbekende keuze “{short(name)}={short(value)}” is niet gebruikt"
    notices = _of_this_request.get()
    if notices is not None and len(notices) < _MOST:
        notices.append(f"{told}: {reason.rstrip('.')}." if reason else f"{told}.")


def told() -> list[str]:
    """The notices of this request so far."""
    return _of_this_request.get() or []


def short(text: str) -> str:
    """What a reader sent, as it may be shown again."""
    shown = "".join(each if each.isprintable() else "�" for each in text[:_SHOWN])
    return shown if len(text) <= _SHOWN else f"{shown}…"
