"""The correlation id and W3C trace that every request and event carries on."""

import os
import re

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def continue_trace(traceparent: str | None) -> str:
    """A `traceparent` for the next step of this trace; a new trace when there is none or it is malformed."""
    if traceparent and _TRACEPARENT.fullmatch(traceparent):
        version, trace, _, flags = traceparent.split("-")
        return f"{version}-{trace}-{os.urandom(8).hex()}-{flags}"
    made = os.urandom(24).hex()
    return f"00-{made[:32]}-{made[32:]}-01"


def trace_id(traceparent: str | None) -> str | None:
    """The trace that a `traceparent` belongs to; None when there is none or it is malformed."""
    return traceparent.split("-")[1] if traceparent and _TRACEPARENT.fullmatch(traceparent) else None


def correlation(given: str | None, traceparent: str) -> str:
    """The caller's correlation id when well formed, else the trace id."""
    return given if given and _CORRELATION.fullmatch(given) else traceparent.split("-")[1]
