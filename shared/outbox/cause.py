"""Why something happens and when: what a new event follows from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from ..observability.tracing import continue_trace, job_correlation

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class StoredAnswer(NamedTuple):
    """The answer to a request, kept under its Idempotency-Key. `request` is a digest of it."""

    principal: str
    key: str
    request: bytes
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Cause:
    """What a new event follows from: the logged time (UTC), and the request or event behind it.

    `kept` is to be stored with the event, in one statement.
    """

    now: datetime
    correlation_id: str
    traceparent: str
    causation_id: str | None = None
    kept: StoredAnswer | None = None

    @classmethod
    def of_job(cls, name: str, now: datetime) -> Self:
        """What a job does follows from nothing but the job, in a trace of its own. `name` is its correlation id; a job
        without one is known by its trace."""
        trace = continue_trace(None)
        return cls(now, job_correlation(name, trace), trace)

    @property
    def today(self) -> date:
        """The calendar day in the Netherlands: what a user means by today."""
        return self.now.astimezone(_AMSTERDAM).date()
