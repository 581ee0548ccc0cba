"""One JSON object a line, from the level up, with what is bound to the request or event at hand."""

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from datetime import datetime

import msgspec
import pytest

_SAY = """
import logging, structlog
from shared.observability import logs
logs.configure("info")
log = structlog.get_logger()
with structlog.contextvars.bound_contextvars(trace_id="t"):
    log.info("request", status=201)
    log.debug("request", status=200)
    logging.getLogger("a.library").warning("trouble")
"""


@pytest.mark.real
async def test_a_line_has_what_is_bound_and_keeps_to_the_level() -> None:
    process = await create_subprocess_exec(sys.executable, "-c", _SAY, stderr=PIPE)
    _, said = await process.communicate()
    lines = [msgspec.json.decode(line, type=dict[str, object]) for line in said.splitlines()]
    for line in lines:
        assert datetime.fromisoformat(str(line.pop("timestamp"))).tzinfo is not None
    assert lines == [
        {"status": 201, "event": "request", "trace_id": "t", "level": "info"},
        {"event": "trouble", "trace_id": "t", "level": "warning"},
    ]
