"""A correction tells of those that it adds: when they can only have answered alike, it waits."""

from services.monitor.figure.tally import MILLION, Tally
from shared.database import Connection

from .conftest import Import
from .test_corrections import judged, mean, stands
from .world import regie


def test_those_it_adds_may_not_have_answered_alike() -> None:
    """Of 1.4 of ten and 1.2 of twenty it follows that the ten that came all said 1."""
    ten, hundred = Tally(10, 10, 14 * MILLION), mean(100, 3_000_000)
    assert judged(Tally(20, 20, 24 * MILLION), ten) is None
    assert judged(Tally(20, 20, 26 * MILLION), ten) is not None
    assert judged(ten, Tally(20, 20, 64 * MILLION)) is None
    assert judged(Tally(200, 200, 401 * MILLION), hundred) is None
    assert judged(mean(100, 1_500_000), mean(50, 4_000_000)) is not None, "whose answers are others adds no group"


async def test_ten_that_come_and_all_say_the_same_wait(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="10", waarde="1,4", standaardafwijking=""))
    await take_in(regie(n="20", waarde="1,2", standaardafwijking=""))
    assert await stands(monitor) == (10, 20)
    await take_in(regie(n="20", waarde="1,3", standaardafwijking=""))
    assert await stands(monitor) == (20, 0)
