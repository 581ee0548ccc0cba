"""How the figures are rebuilt: the exact ones from the whole log; what is public then follows by publishing."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from shared import outbox
from shared.contracts.community import FINDINGS
from shared.database import Connection, queries
from shared.projector import Projection
from shared.rebuild import Rebuild
from shared.settings import Settings
from shared.trace import Cause, continue_trace

from .figures import contribution_of
from .impact.judging import judge
from .projections import fold
from .publishing import Unit, publish
from .telling import drafts, thresholds_of
from .units import units_of

_Q = queries(Path(__file__).parent / "sql" / "rebuild.sql")


def rebuild(settings: Settings) -> Rebuild:
    """The exact figures, folded again from the whole log. Packets are a record of what was made public: they stay.

    Where a dialogue counts otherwise than its units say, or has none yet, that is published and told, once.
    """

    async def tell(connection: Connection) -> None:
        now = datetime.now(UTC)
        cause = Cause(now, f"rebuild-{now:%Y%m%dT%H%M%SZ}", continue_trace(None))
        added: list[Unit] = []
        removed: set[str] = set()
        for row in await connection.fetch(_Q.astray):
            if row["stood"]:
                removed.add(row["ref"])
            if row["dialogue"] is not None:
                added += units_of([contribution_of(row)], {row["dialogue"]: row["event"]})
        ended = [(ref, cause.correlation_id) for ref in sorted(removed)]
        published = await publish(connection, added, ended, "rebuild", now, thresholds_of(settings))
        if published is not None:
            await outbox.append(connection, drafts(published, lambda _: cause))
            await judge(connection, [move.cell for move in published.moved], now, cause)

    return Rebuild(
        silent=Projection("figures", (FINDINGS,), partial(fold, None)),
        tables=("aggregate", "contribution", "dialogue"),
        scratch=(),
        tell=tell,
    )
