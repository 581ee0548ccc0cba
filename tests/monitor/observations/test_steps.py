"""What a kill leaves: of an import nothing, of its publication whole steps, and the rest is done by who comes next."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from services.monitor.observations import steps
from services.monitor.settings import MonitorSettings
from shared import outbox
from shared.contracts.monitor import AggregateMoved
from shared.database import Connection

from .test_handlers import folded, live, nothing_stored
from .world import TEN, eenzaam, offer, regie, text, vertrouwen, write

_CHILD = "tests.monitor.observations.child"


_MONTHS = [f"{year}-{month:02}" for year in range(2019, 2025) for month in range(1, 13)]


def many(count: int) -> str:
    """A file of so many right rows: an area in every month, then the next."""
    return text(
        regie(
            gebied=f"X{number // len(_MONTHS)}",
            periode=_MONTHS[number % len(_MONTHS)],
            waarde=f"{1 + number % 400 / 100:.2f}".replace(".", ","),
        )
        for number in range(count)
    )


@pytest.fixture
async def areas(monitor: Connection) -> None:
    """Areas enough for the file."""
    await monitor.execute(
        "INSERT INTO area SELECT 'X' || n, 'X' || n, 'municipality', 'west-brabant', '2016-01-01', NULL "
        "FROM generate_series(0, 1400) AS n"
    )


@pytest.mark.usefixtures("areas")
async def test_a_process_that_is_killed_in_an_import_leaves_nothing_of_it(
    monitor: Connection, settings: MonitorSettings, tmp_path: Path
) -> None:
    path = write(tmp_path / "rijen.csv", many(20_000))
    # Holds the rows up just before they are stored.
    async with monitor.transaction():
        await monitor.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
        process = await create_subprocess_exec(sys.executable, "-m", _CHILD, settings.database_url, str(path))
        while not await monitor.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await nothing_stored(monitor)
    assert await monitor.fetchval("SELECT state FROM observation_upload") == "reading"
    # Negative control: the same, left alone, is stored.
    process = await create_subprocess_exec(sys.executable, "-m", _CHILD, settings.database_url, str(path))
    assert await process.wait() == 0
    assert await monitor.fetchval("SELECT count(*) FROM observation") == 20_000


async def test_a_step_that_is_broken_off_is_done_once_by_who_comes_next(
    monitor: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        regie(),
        eenzaam(),
        vertrouwen(),
        regie(gebied="GM0772", n="4"),
        regie(gebied="GM0738", periode="2018", indeling="2018", versie="1"),
    ]
    await offer(monitor, write(tmp_path / "rijen.csv", text(rows)), released=False)
    append, calls = outbox.append, Counter[str]()

    async def breaks(*arguments: object) -> None:
        calls["append"] += 1
        await append(*arguments)  # type: ignore[arg-type]
        if calls["append"] == 2:
            raise ConnectionError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "append", breaks)
        with pytest.raises(ConnectionError):
            await steps.release_all(monitor, TEN)
    assert await monitor.fetchval("SELECT count(*) FROM observation_pending") == 3
    await steps.release_all(monitor, TEN)
    assert await live(monitor) == await folded(monitor) != {}
    told = Counter(
        [row["key"] for row in await monitor.fetch("SELECT key FROM outbox WHERE type = $1", AggregateMoved.type)]
    )
    cells = await monitor.fetchval("SELECT count(*) FROM published")
    assert (len(told), set(told.values())) == (cells, {1})


async def test_a_correction_tells_what_a_figure_was_and_is(monitor: Connection, tmp_path: Path) -> None:
    await offer(monitor, write(tmp_path / "a.csv", text([regie(), regie(gebied="GM0772")])))
    await offer(monitor, write(tmp_path / "b.csv", text([regie(waarde="4,25")])))
    data = await monitor.fetch("SELECT data FROM outbox WHERE type = $1 ORDER BY position", AggregateMoved.type)
    told = [msgspec.json.decode(row["data"], type=AggregateMoved) for row in data]
    region = [event for event in told if event.area == "zuidoost-brabant"]
    assert [(e.previous_n, e.previous_mean, e.n, e.mean, e.version) for e in region] == [
        (None, None, 824, 3.25, 1),
        (824, 3.25, 824, 3.75, 2),
    ]


@pytest.mark.usefixtures("areas")
async def test_memory_does_not_grow_with_the_file(settings: MonitorSettings, tmp_path: Path) -> None:
    peaks = []
    for count in (100, 100_000):
        path = write(tmp_path / "rijen.csv", many(count))
        arguments = ("-m", _CHILD, settings.database_url, str(path))
        process = await create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
        out, _ = await process.communicate()
        peak, stored = map(int, out.split())
        # The file of 100 is part of the larger one.
        assert stored in (100, 99_900)
        peaks.append(peak)
    assert max(peaks) < 200_000_000
