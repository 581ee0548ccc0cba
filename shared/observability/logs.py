"""Structured logs: one JSON object a line, with the correlation and trace id of the request or event at hand."""

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import structlog

_levels = logging.getLevelNamesMapping()
_from = logging.INFO


def configure(level: str) -> None:
    """Send structlog and standard logging to standard error as JSON, from `level` up."""
    global _from
    _from = _levels[level.upper()]
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_to_text),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # Chatty at info, and their warnings are about reconnecting, which we log ourselves.
    for noisy in ("aiokafka", "faust", "mode", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Ours go out directly: through standard logging each line costs twice as much.
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_to_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def write(level: str, event: str, **fields: object) -> None:
    """A line as structlog writes it, at a fifth of what it takes: for what every request logs."""
    if _levels[level.upper()] < _from:
        return
    bound = structlog.contextvars.get_contextvars()
    line = {**fields, "event": event, **bound, "level": level, "timestamp": datetime.now(UTC)}
    sys.stderr.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stderr.buffer.flush()


def _to_text(event: object, default: Callable[[object], object]) -> str:
    return _to_json(event, default).decode()


def _to_json(event: object, default: Callable[[object], object]) -> bytes:
    return msgspec.json.encode(event, enc_hook=default)
