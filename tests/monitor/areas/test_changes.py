"""A municipality that is merged or divided is there no longer, or the same people would count in two places."""

from datetime import UTC, date, datetime

import pytest

from services.monitor.areas.handlers import register_area, reorganise_areas
from shared.contracts.monitor import AreaRegistered, AreasReorganised
from shared.contracts.vocabulary import AreaChangeKind, AreaLevel
from shared.database import Connection
from shared.outbox.cause import Cause
from shared.refusals import Invalid

DAY = date(2024, 1, 1)
CHANGE = AreasReorganised(
    change="samen", on=DAY, change_kind=AreaChangeKind.MERGER, predecessors=("een", "twee"), successors=("samen",)
)


@pytest.fixture
def cause() -> Cause:
    return Cause.of_job("test_changes", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("until", "taken"), [(None, False), (date(2024, 1, 2), False), (DAY, True)])
async def test_what_is_merged_ends_by_then(
    monitor_connection: Connection, cause: Cause, until: date | None, taken: bool
) -> None:
    await register_area(monitor_connection, _area("provincie", AreaLevel.PROVINCE, None), cause)
    await register_area(monitor_connection, _area("regio", AreaLevel.REGION, "provincie"), cause)
    for code, end in (("een", DAY), ("twee", until), ("samen", None)):
        await register_area(monitor_connection, _area(code, AreaLevel.MUNICIPALITY, "regio", end), cause)
    if taken:
        assert await reorganise_areas(monitor_connection, CHANGE, cause)
        return
    with pytest.raises(Invalid) as refused:
        await reorganise_areas(monitor_connection, CHANGE, cause)
    assert refused.value.pointer == "#/predecessors/1"


def _area(code: str, level: AreaLevel, parent: str | None, until: date | None = None) -> AreaRegistered:
    return AreaRegistered(
        code=code, name=code, level=level, parent=parent, valid_from=date(2016, 1, 1), valid_until=until
    )
