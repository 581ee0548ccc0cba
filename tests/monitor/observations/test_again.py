"""The same file again: read like any other, so what it says is a correction, unchanged, or right by now."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.monitor.app import create_app
from services.monitor.observations import store
from services.monitor.settings import MonitorSettings
from shared.database import Connection
from tests.conftest import served

from .conftest import Import
from .file.damages import DAMAGES
from .test_export import ROWS, exported
from .test_handlers import errors, figure, folded, live
from .world import NOW, eenzaam, offer, regie, text, write


async def test_a_file_a_correction_of_it_and_the_file_again_is_a_correction_like_any_other(
    monitor: Connection, tmp_path: Path
) -> None:
    first = write(tmp_path / "a.csv", text([regie(), eenzaam()]))
    correction = write(tmp_path / "b.csv", text([regie(waarde="3,5")]))
    await offer(monitor, first)
    await offer(monitor, correction)
    assert (await figure(monitor, "regie", "GM0794", "2024"))["total"] == 412 * 3_500_000
    _, counts = await offer(monitor, first)
    assert (counts.rows, counts.stored, counts.replaced, counts.unchanged) == (2, 1, 1, 1)
    assert (await figure(monitor, "regie", "GM0794", "2024"))["total"] == 412 * 3_250_000
    assert await live(monitor) == await folded(monitor)
    _, counts = await offer(monitor, first)
    assert (counts.stored, counts.unchanged) == (0, 2)


async def test_the_same_file_after_its_missing_area_was_registered_stores_the_rows_that_were_refused(
    monitor: Connection, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.csv", text([regie(), regie(gebied="GM0855")]))
    _, counts = await offer(monitor, file, good_rows=True)
    assert (counts.stored, counts.refused) == (1, 1)
    await monitor.execute(
        "INSERT INTO area (code, name, level, parent, valid_from) "
        "VALUES ('GM0855', 'Tilburg', 'municipality', 'west-brabant', '2016-01-01')"
    )
    _, counts = await offer(monitor, file)
    assert (counts.stored, counts.unchanged, counts.refused) == (1, 1, 0)
    assert (await figure(monitor, "regie", "GM0855", "2024"))["n"] == 412


async def test_one_row_in_every_way_people_write_it_is_one_row(monitor: Connection, take_in: Import) -> None:
    await take_in(regie(n="400"))
    for bron in (
        "enquête",
        "enque\N{COMBINING CIRCUMFLEX ACCENT}te",
        "Enquete",
        " ENQUÊTE ",
        "enquete\N{NO-BREAK SPACE}",
    ):
        counts = await take_in(regie(n="400", bron=bron, gebied="gm0794", methode="Online", indicator="REGIE"))
        assert (counts.stored, counts.unchanged) == (0, 1)
    counts = await take_in(regie(n="400"), regie(n="400", bron="enquête "), good_rows=True)
    assert (counts.stored, counts.unchanged, counts.refused) == (0, 1, 1), "twice in a file is told"
    assert (await figure(monitor, "regie", "GM0794", "2024"))["n"] == 400


async def test_an_export_that_a_program_touched_changes_nothing_in_the_monitor(
    monitor: Connection, take_in: Import, tmp_path: Path
) -> None:
    await take_in(*ROWS)
    content = await exported(monitor)
    before, lines = await live(monitor), len(content.splitlines()) - 1
    for name, damage in DAMAGES.items():
        path = write(tmp_path / "terug.csv", damage.do(content))
        _, counts = await offer(monitor, path, good_rows=True)
        assert counts.stored == 0, name
        if damage.unchanged:
            assert (counts.unchanged, counts.refused) == (lines, 0), name
        elif not damage.of_people and damage.do(content) != content:
            assert counts.refused, name
    assert await live(monitor) == before
    assert await exported(monitor) == content
    assert content.isascii()
    assert content.endswith(b"\r\n")


async def test_so_many_errors_are_kept_and_all_are_counted_until_they_are_old(
    monitor: Connection, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.csv", text([regie(n="x", waarde="y")] * 10))
    upload, counts = await offer(monitor, file, errors_kept=7)
    assert (counts.errors, counts.refused) == (20, 10)
    assert len(await errors(monitor)) == 7
    await store.forget_errors(monitor, NOW)
    assert len(await errors(monitor)) == 7
    await store.forget_errors(monitor, NOW + timedelta(seconds=1))
    assert await errors(monitor) == []
    row = await store.upload(monitor, upload)
    assert row is not None
    assert (row["errors"], row["errors_kept"]) == (20, 0)


async def test_errors_that_are_old_go_while_the_service_runs(
    monitor: Connection, settings: MonitorSettings, tmp_path: Path
) -> None:
    old, _ = await offer(monitor, write(tmp_path / "a.csv", text([regie(n="x")])))
    young, _ = await offer(monitor, write(tmp_path / "b.csv", text([regie(n="y")])))
    long_ago, lately = (datetime.now(UTC) - timedelta(days=days) for days in (8, 6))
    await monitor.execute("UPDATE observation_upload SET started_at = $2 WHERE id = $1", old, long_ago)
    await monitor.execute("UPDATE observation_upload SET started_at = $2 WHERE id = $1", young, lately)
    async with served(create_app(settings.model_copy(update={"import_errors_days": 7}))):
        while len(left := await errors(monitor)) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert [row["value"] for row in left] == ["y"]
