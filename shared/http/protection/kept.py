"""What of an answer others may keep: nothing of who sent a token, nothing that went wrong."""

from starlette.types import Message

_PRIVATE = (b"cache-control", b"private, no-store")
_ERROR = (b"cache-control", b"no-store")


def forbid_keeping(start: Message, with_token: bool) -> None:
    """Mark the start of an answer, whatever its route says of it: public answers keep what they say."""
    if not with_token and start["status"] < 400:
        return
    headers: list[tuple[bytes, bytes]] = start["headers"]
    start["headers"] = [header for header in headers if header[0].lower() != b"cache-control"]
    start["headers"].append(_PRIVATE if with_token else _ERROR)
