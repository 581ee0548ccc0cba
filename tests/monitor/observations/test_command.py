"""The command line: what became of a file, with every place that was wrong, and an exit status for scripts."""

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from pathlib import Path

from services.monitor.settings import MonitorSettings
from shared.database import Connection

from .test_handlers import folded, live
from .world import regie, text, write


async def command(settings: MonitorSettings, *arguments: str) -> tuple[int | None, str]:
    process = await create_subprocess_exec(
        sys.executable,
        *("-m", "services.monitor", "import", *arguments),
        env={"VEERKRACHT_DATABASE_URL": settings.database_url, "PATH": ""},
        stdout=PIPE,
        stderr=PIPE,
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_the_command_takes_a_file_in_publishes_it_and_says_what_was_wrong(
    monitor: Connection, settings: MonitorSettings, tmp_path: Path
) -> None:
    path = str(write(tmp_path / "rijen.csv", text([regie(), regie(gebied="GM9999")])))
    status, said = await command(settings, path)
    assert status == 1
    assert "2 regels, 0 opgeslagen (0 vervangen, 0 wachten), 0 ongewijzigd, 1 geweigerd" in said
    assert "regel 3, gebied: 'GM9999': dit gebied is er niet" in said
    assert await live(monitor) == {}
    status, said = await command(settings, path, "--good-rows")
    assert status == 0
    assert "1 opgeslagen (0 vervangen, 0 wachten), 0 ongewijzigd, 1 geweigerd; 3 cijfers bewogen" in said
    assert await live(monitor) == await folded(monitor) != {}
    status, said = await command(settings, path)
    assert status == 1, "what was refused then is refused now: nobody registered the area"
    status, said = await command(settings, path, "--good-rows")
    assert status == 0
    assert "0 opgeslagen (0 vervangen, 0 wachten), 1 ongewijzigd, 1 geweigerd; 0 cijfers bewogen" in said
