"""Money, phases and lessons of initiatives, rebuilt from the whole log; verdicts then follow."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.database import Connection
from shared.outbox.cause import Cause
from shared.projections.rebuild import Rebuild

from ...settings import MonitorSettings
from ..goals.handlers import mark_counts
from .projection import MOVED, PROJECTION, gather


def rebuild_spending(_: MonitorSettings) -> Rebuild:
    """Money, phases and lessons of initiatives, added up again. Verdicts that differ by them are told, once."""

    async def tell(connection: Connection) -> None:
        now = datetime.now(UTC)
        await mark_counts(connection, MOVED, Cause.of_job(f"rebuild-{now:%Y%m%dT%H%M%SZ}", now))

    return Rebuild(
        silent=replace(PROJECTION, apply=gather),
        tables=("initiative", "initiative_phase", "initiative_lesson", "initiative_spending", "initiative_entry"),
        tell=tell,
    )
