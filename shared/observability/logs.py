"""Structured logs: one JSON object a line, with the correlation and trace id of the request or event at hand."""

import logging
import sys
from collections.abc import Callable

import msgspec
import structlog

from .sparing import Sparing, SparingFilter, spare, tell_unsaid


def configure(level: str) -> None:
    """Send structlog and standard logging to standard error as JSON, from `level` up; what repeats now and then."""
    sparing = Sparing()
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, tell_unsaid],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_to_text),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(SparingFilter(sparing))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # Chatty at info, and their warnings are about reconnecting, which we log ourselves.
    for noisy in ("aiokafka", "faust", "mode", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Ours go out directly: through standard logging each line costs twice as much.
    structlog.configure(
        processors=[spare(sparing), *shared, structlog.processors.JSONRenderer(serializer=_to_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _to_text(event: object, default: Callable[[object], object]) -> str:
    return _to_json(event, default).decode()


def _to_json(event: object, default: Callable[[object], object]) -> bytes:
    return msgspec.json.encode(event, enc_hook=default)
