"""Why a figure moved, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from shared.contracts.vocabulary import SourceKind
from shared.database import Connection
from shared.http.fields import AreaCode, Id, Period, Whole
from shared.http.request_state import pool_of
from shared.refusals import Invalid, NotFound

from ..areas.domain import require_area
from ..figure.quantity import Quantity
from ..figure.values import values_of
from ..indicators.domain import require_indicator
from ..published.register import state
from ..snapshot import snapshot
from . import cut, log
from .cache import frame_of
from .domain import CellKey
from .explanation import Explanation, ExplanationStep, explain
from .query import AfterMove, CutText, read_place, write_place
from .views import ContributionView, CutView, ExplanationView, change_sums, mean_gap, move_members, share_gap, sums

router = APIRouter(prefix="/monitor/v1", tags=["monitor"])


@router.get("/indicators/{code}/areas/{area}/explanation")
async def get_explanation(
    request: Request,
    code: Id,
    area: AreaCode,
    since: Annotated[CutText | None, Query(alias="from")] = None,
    until: Annotated[CutText | None, Query(alias="to")] = None,
    source: SourceKind = SourceKind.DIALOGUE,
    period: Period | None = None,
    after: AfterMove | None = None,
    limit: Annotated[int, Whole("limit", 1, 500, strict=False)] = 100,
) -> ExplanationView:
    """What moved a figure, from the beginning or `from` to now or `to`; of its newest year unless asked otherwise."""
    async with pool_of(request).acquire() as connection, snapshot(connection):
        seen = await state(connection)
        frame = await frame_of(request, connection, seen)
        require_indicator(frame.indicator_codes, code)
        require_area(frame.area_codes, area)
        start = await cut.read_cut(connection, since) if since else 0
        end = await cut.read_cut(connection, until) if until else seen.publication
        if start > end:
            raise Invalid("reversed", f"from (publicatie {start}) ligt na to (publicatie {end}): wissel ze om.")
        period = period or await log.newest_year(connection, "indicator", code, source.value, area)
        if period is None:
            raise _nothing_public()
        cell = CellKey("indicator", code, source.value, area, period)
        found = await explain(connection, cell, frame, start, end, read_place(after, start, end), limit)
        if not (found.start or found.end or found.steps or after):
            raise _nothing_public()
        return await _view(connection, cell, frame.quantity(code), start, end, found)


async def _view(
    connection: Connection, cell: CellKey, quantity: Quantity, start: int, end: int, found: Explanation
) -> ExplanationView:
    before, after = values_of(found.start, quantity), values_of(found.end, quantity)
    return ExplanationView(
        indicator=cell.code,
        area=cell.area,
        source=SourceKind(cell.source),
        period=cell.period,
        since=CutView(publication=start, at=await cut.moment_of(connection, start)),
        until=CutView(publication=end, at=await cut.moment_of(connection, end)),
        start=sums(found.start, quantity),
        end=sums(found.end, quantity),
        difference=change_sums(found.start, found.end),
        mean_difference=mean_gap(before, after),
        share_difference=share_gap(before, after),
        adds_up=found.adds_up,
        contributions=[_contribution(step, quantity) for step in found.steps],
        next=write_place(found.next) if found.next else None,
    )


def _contribution(step: ExplanationStep, quantity: Quantity) -> ContributionView:
    return ContributionView(**move_members(step.move, quantity), running=sums(step.running, quantity))


def _nothing_public() -> NotFound:
    # Never which of the two, nor how much waits.
    return NotFound(
        "nothing-public", "Over dit cijfer is niets openbaar: er zijn geen gegevens, of te weinig om te tonen."
    )
