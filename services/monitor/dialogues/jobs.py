"""The exact figures, rebuilt from the whole log; what is public then follows by publishing."""

from datetime import UTC, datetime

from shared.database import Connection
from shared.outbox.cause import Cause
from shared.projections.rebuild import Rebuild

from ..publication.domain import Unit
from ..publication.handlers import publish
from ..publication.threshold import thresholds_of
from ..settings import MonitorSettings
from . import store
from .projection import figures_projection
from .units import units_of


def rebuild_figures(settings: MonitorSettings) -> Rebuild:
    """The exact figures, folded again from the whole log. Packets are a record of what was made public: they stay.

    Where a dialogue counts otherwise than its units say, or has none yet, that is published and told, once.
    """

    async def tell(connection: Connection) -> None:
        now = datetime.now(UTC)
        cause = Cause.of_job(f"rebuild-{now:%Y%m%dT%H%M%SZ}", now)
        added: list[Unit] = []
        removed: set[str] = set()
        for row in await store.astray(connection):
            if row["stood"]:
                removed.add(row["ref"])
            if row["dialogue"] is not None:
                added += units_of([store.contribution_of(row)], {row["dialogue"]: row["event"]})
        ended = [(ref, cause.correlation_id) for ref in sorted(removed)]
        await publish(connection, added, ended, "rebuild", now, thresholds_of(settings), lambda _: cause)

    return Rebuild(
        silent=figures_projection(None),
        tables=("aggregate", "contribution", "dialogue"),
        tell=tell,
    )
