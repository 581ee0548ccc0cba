"""Pages of a list that is read by a key: what may be asked, and where the next page begins."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import Field

from .problems import Problem

RowT = TypeVar("RowT")
CursorT = TypeVar("CursorT")

#: Of a log that is read in two directions.
BEFORE = Field(description="cursor: newest first, older than this")
AFTER = Field(description="cursor: oldest first, past this; for catching up")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Rows of a list, and whether more follow."""

    rows: Sequence[RowT]
    more: bool

    def next(self, key: Callable[[RowT], CursorT]) -> CursorT | None:
        """The cursor of the following page: the key of the last row here. None on the last page."""
        return key(self.rows[-1]) if self.more else None


async def read_page(read: Callable[[int], Awaitable[Sequence[RowT]]], limit: int) -> Page[RowT]:
    """At most `limit` rows of what `read` gives. One more is asked for, to see whether it is there."""
    rows = await read(limit + 1)
    return Page(rows[:limit], len(rows) > limit)


def wrong_parameter(name: str, code: str, detail: str) -> Problem:
    """A query that is not understood, because of one of its parameters."""
    return Problem(400, code, detail, [{"parameter": name, "in": "query", "detail": detail}])


def require_one_direction(before: int | None, after: int | None) -> None:
    """Raise Problem when both directions are asked for at once."""
    if before is not None and after is not None:
        detail = "Kies before (nieuwste eerst) of after (oudste eerst), niet allebei."
        raise wrong_parameter("after", "two-directions", detail)


def require_known_cursor(cursor: int, head: int, advice: str) -> None:
    """Raise Problem for a cursor of another or a restored log: it would skip what comes, until the log gets there."""
    if cursor > head:
        detail = f"Deze cursor ligt voorbij het einde van de feed ({head}): {advice}"
        raise wrong_parameter("after", "cursor-ahead", detail)
