"""The correlation id and W3C trace that every request and event carries on.

Both end up in public events, for ever. So of what a client sends only what cannot say anything is used: an id that was
made by chance.
"""

import os
import re

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
#: A UUID as RFC 9562 has them.
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TRACE = re.compile(r"(?!0{32})[0-9a-f]{32}")
_OURS = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def continue_trace(traceparent: str | None) -> str:
    """A `traceparent` for the next step of this trace; a new trace when there is none or it is malformed."""
    if traceparent and _TRACEPARENT.fullmatch(traceparent):
        version, trace, _, flags = traceparent.split("-")
        # Of the flags one has a meaning: whether someone keeps this trace.
        return f"{version}-{trace}-{os.urandom(8).hex()}-{int(flags, 16) & 1:02x}"
    made = os.urandom(24).hex()
    return f"00-{made[:32]}-{made[32:]}-01"


def trace_id(traceparent: str | None) -> str | None:
    """The trace that a `traceparent` belongs to; None when there is none or it is malformed."""
    return traceparent.split("-")[1] if traceparent and _TRACEPARENT.fullmatch(traceparent) else None


def correlation(given: str | None, traceparent: str) -> str:
    """The client's correlation id when it is a UUID or a trace id, else the trace id of `traceparent`."""
    asked = (given or "").lower()
    return asked if _UUID.fullmatch(asked) or _TRACE.fullmatch(asked) else traceparent.split("-")[1]


def job_correlation(name: str, traceparent: str) -> str:
    """The name of a job of ours, when it has one; else the trace id."""
    return name if _OURS.fullmatch(name) else traceparent.split("-")[1]
