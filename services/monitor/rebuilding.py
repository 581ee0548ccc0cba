"""How the exact figures are rebuilt from the whole log, and what is public then follows by publishing; and how the
money and lessons of initiatives are, and verdicts follow."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from shared import outbox
from shared.contracts.community import FINDINGS
from shared.database import Connection, queries, shadow
from shared.observability.tracing import continue_trace
from shared.outbox.cause import Cause
from shared.projections.projector import Projection
from shared.projections.rebuild import Rebuild

from .figures import contribution_of
from .impact import projection as impact
from .impact.judging import judge_counts, judge_figures
from .projections import fold
from .publishing import publish
from .release import Unit
from .settings import MonitorSettings
from .telling import moved_drafts, thresholds_of
from .units import units_of

_Q = queries(Path(__file__).parent / "sql" / "rebuild.sql")


def figures(settings: MonitorSettings) -> Rebuild:
    """The exact figures, folded again from the whole log. Packets are a record of what was made public: they stay.

    Where a dialogue counts otherwise than its units say, or has none yet, that is published and told, once.
    """

    async def tell(connection: Connection) -> None:
        cause = _cause()
        added: list[Unit] = []
        removed: set[str] = set()
        for row in await connection.fetch(_Q.astray):
            if row["stood"]:
                removed.add(row["ref"])
            if row["dialogue"] is not None:
                added += units_of([contribution_of(row)], {row["dialogue"]: row["event"]})
        ended = [(ref, cause.correlation_id) for ref in sorted(removed)]
        published = await publish(connection, added, ended, "rebuild", cause.now, thresholds_of(settings))
        if published is not None:
            await outbox.append(connection, moved_drafts(published, lambda _: cause))
            await judge_figures(connection, [move.cell for move in published.moved], cause.now, cause)

    return Rebuild(
        silent=Projection("figures", (FINDINGS,), partial(fold, None)),
        tables=("aggregate", "contribution", "dialogue"),
        scratch=(),
        tell=tell,
    )


def spending(_: MonitorSettings) -> Rebuild:
    """Money, phases and lessons of initiatives, added up again. Verdicts that differ by them are told, once."""

    async def tell(connection: Connection) -> None:
        # The live tables are still in their place.
        await connection.execute(f"SET LOCAL search_path TO {shadow('monitor')}, monitor")
        await judge_counts(connection, impact.MOVED, _cause())
        await connection.execute("SET LOCAL search_path TO monitor")

    return Rebuild(
        silent=replace(impact.PROJECTION, apply=impact.gather),
        tables=("initiative", "initiative_phase", "initiative_lesson", "initiative_spending"),
        scratch=(),
        tell=tell,
    )


#: By name. The figures come first: they are what is meant unless one says otherwise.
REBUILDS: Mapping[str, Callable[[MonitorSettings], Rebuild]] = {"figures": figures, "spending": spending}


def _cause() -> Cause:
    now = datetime.now(UTC)
    return Cause(now, f"rebuild-{now:%Y%m%dT%H%M%SZ}", continue_trace(None))
