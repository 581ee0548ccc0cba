"""The line of a request, which does not go through structlog."""

from datetime import datetime

import msgspec
import pytest
import structlog

from shared.observability import logs


def test_a_line_has_what_is_bound_and_keeps_to_the_level(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    with structlog.contextvars.bound_contextvars(trace_id="t"):
        logs.write("info", "request", status=201)
        logs.write("debug", "request", status=200)
    line = msgspec.json.decode(capsysbinary.readouterr().err, type=dict[str, object])
    datetime.fromisoformat(str(line.pop("timestamp")))
    assert line == {"status": 201, "event": "request", "trace_id": "t", "level": "info"}
