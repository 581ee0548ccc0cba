"""Fast path, for the benchmark row `why a municipality's figure moved`: the frame of now is kept.

Areas and indicators are read again only when there are more. Without this module every answer reads them and says the
same.
"""

from fastapi import Request

from shared.database import Connection

from ..published.register import State
from . import log
from .frame import Frame


async def frame_of(request: Request, connection: Connection, seen: State) -> Frame:
    """The areas and indicators of now, at least as far as `seen`."""
    kept: tuple[str, Frame] | None = getattr(request.app.state, "frame", None)
    if kept is None or kept[0] != seen.registers:
        kept = request.app.state.frame = seen.registers, await log.present_frame(connection)
    return kept[1]
