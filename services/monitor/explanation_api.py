"""`GET …/explanation`: why a figure moved."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection
from shared.http.bodies import View
from shared.http.fields import Id
from shared.http.request_state import pool_of
from shared.refusals import Invalid, NotFound

from . import cuts, history, reading
from .bodies import AreaCode
from .explanation import Explanation, ExplanationStep, explain
from .history import CellKey, Frame
from .move_views import MoveView, Sums, gap, move_members, read_place, sums, write_place

router = APIRouter(prefix="/monitor/v1", tags=["monitor"])
CutText = Annotated[
    str | None,
    Query(
        max_length=64,
        description="a publication number, an edition's id, a day (its beginning) or a moment with its zone",
    ),
]
PeriodText = Annotated[str | None, Query(pattern=r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]
AfterMove = Annotated[str | None, Query(max_length=200, description="the `next` of the page before")]


class CutView(View):
    """A moment of publication; `at` is null before the first."""

    publication: int
    at: datetime | None


class ContributionView(MoveView):
    """A line that moved the figure; `running` is the figure after it."""

    running: Sums


class ExplanationView(View):
    """Why a figure went from `start` to `end`: the contributions in order of publication.

    `sumsExactly` was computed for this answer: the start with all contributions is the end, to the last digit.
    """

    indicator: str
    area: str
    source: SourceKind
    period: str
    since: CutView = Field(alias="from")
    until: CutView = Field(alias="to")
    start: Sums
    end: Sums
    difference: Sums
    mean_difference: float | None
    share_difference: float | None
    sums_exactly: bool
    contributions: list[ContributionView]
    next: str | None


@router.get("/indicators/{code}/areas/{area}/explanation")
async def get_explanation(
    request: Request,
    code: Id,
    area: AreaCode,
    since: Annotated[CutText, Query(alias="from")] = None,
    until: Annotated[CutText, Query(alias="to")] = None,
    source: SourceKind = SourceKind.DIALOGUE,
    period: PeriodText = None,
    after: AfterMove = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ExplanationView:
    """What moved a figure, from the beginning or `from` to now or `to`; of its newest year unless asked otherwise."""
    async with (
        pool_of(request).acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        seen = await reading.state(connection)
        frame = await _frame(request, connection, seen)
        _require_known(frame, code, area)
        start = await cuts.read_cut(connection, since, "from") if since else 0
        end = await cuts.read_cut(connection, until, "to") if until else seen.publication
        if start > end:
            raise Invalid("reversed", f"from (publicatie {start}) ligt na to (publicatie {end}): wissel ze om.")
        period = period or await history.newest_year(connection, "indicator", code, source.value, area)
        if period is None:
            raise _nothing_public()
        cell = CellKey("indicator", code, source.value, area, period)
        found = await explain(connection, cell, frame, start, end, read_place(after, start, end), limit)
        if not (found.start or found.end or found.steps or after):
            raise _nothing_public()
        return await _view(connection, cell, start, end, found)


async def _frame(request: Request, connection: Connection, seen: reading.State) -> Frame:
    """The areas and indicators of now, read again only when there are more."""
    kept: tuple[str, Frame] | None = getattr(request.app.state, "frame", None)
    if kept is None or kept[0] != seen.registers:
        kept = request.app.state.frame = seen.registers, await history.present_frame(connection)
    return kept[1]


async def _view(connection: Connection, cell: CellKey, start: int, end: int, found: Explanation) -> ExplanationView:
    return ExplanationView(
        indicator=cell.code,
        area=cell.area,
        source=SourceKind(cell.source),
        period=cell.period,
        since=CutView(publication=start, at=await cuts.moment_of(connection, start)),
        until=CutView(publication=end, at=await cuts.moment_of(connection, end)),
        start=sums(found.start),
        end=sums(found.end),
        difference=sums(found.end + -found.start),
        mean_difference=gap(found.start.mean(), found.end.mean()),
        share_difference=gap(found.start.share(), found.end.share()),
        sums_exactly=found.sums_exactly,
        contributions=[_contribution(step) for step in found.steps],
        next=write_place(found.next) if found.next else None,
    )


def _contribution(step: ExplanationStep) -> ContributionView:
    return ContributionView(**move_members(step.move), running=sums(step.running))


def _require_known(frame: Frame, code: str, area: str) -> None:
    if code not in frame.indicator_codes:
        raise NotFound("unknown-indicator", f"Er is geen indicator {code}.")
    if area not in frame.area_codes:
        raise NotFound("unknown-area", f"Er is geen gebied {area}.")


def _nothing_public() -> NotFound:
    # Never which of the two, nor how much waits.
    return NotFound(
        "nothing-public", "Over dit cijfer is niets openbaar: er zijn geen gegevens, of te weinig om te tonen."
    )
