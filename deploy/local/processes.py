"""Child processes: started with a log file, ended by pid, restarted when they exit by themselves.

Every child is started through `setpriv --pdeathsig`: the kernel signals it when this process dies, kill -9 included,
so nothing is left behind. The kernel means the thread that started the child: start children from the event loop,
never from a worker thread. Each child has its own session, so a Ctrl-C reaches this process only, which then
stops the rest in order.
"""

import asyncio
import contextlib
import shutil
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

#: A child that ran this long was well: its next restart is quick again.
_STEADY_SECONDS = 30.0
_FIRST_DELAY_SECONDS = 0.2
_LAST_DELAY_SECONDS = 10.0
_GRACE_SECONDS = 10.0


class ProcessError(Exception):
    """A child cannot be started, or ended before it was ready. The message says what to do or shows its log."""


async def spawn(
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    on_parent_death: str = "KILL",
    privileges: Sequence[str] = (),
) -> Process:
    """Start a child that appends to `log`, with our environment or `env`; `privileges` are options of setpriv.

    Raises ProcessError when this machine has no setpriv.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ProcessError("setpriv is missing: apt-get install util-linux")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            setpriv,
            *privileges,
            f"--pdeathsig={on_parent_death}",
            "--",
            *command,
            stdin=DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )


async def end(process: Process, how: signal.Signals = signal.SIGTERM, grace: float = _GRACE_SECONDS) -> None:
    """Ask a child to stop, wait, kill it when it does not. Harmless when it has ended."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        await asyncio.wait_for(process.wait(), grace)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def run(command: Sequence[str | Path], log: Path, *, cwd: Path | None = None) -> int:
    """Run a child to its end; returns its exit status. Cancelled, it ends the child first."""
    process = await spawn(command, log, cwd=cwd)
    try:
        return await process.wait()
    finally:
        await end(process)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    if not log.is_file():
        return ""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


async def until(
    ready: Callable[[], Awaitable[bool]], process: Process, what: str, log: Path, seconds: float = 60.0
) -> None:
    """Poll a condition that a process must meet; one that does not is ended.

    Raises ProcessError with the tail of the log when it ends first or time is up.
    """
    met = False
    try:
        async with asyncio.timeout(seconds):
            while not (met := await ready()):
                if process.returncode is not None:
                    raise ProcessError(f"{what} ended with status {process.returncode}:\n{tail(log)}")
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise ProcessError(f"{what} was not ready in {seconds:.0f} s:\n{tail(log)}") from error
    finally:
        if not met:
            await end(process)


class Daemon:
    """A server process that can be stopped, killed and started again at the same address."""

    def __init__(
        self,
        process: Process,
        launch: Callable[[], Awaitable[Process]],
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """`process` serves already; `launch` starts another that takes its place."""
        self._process = process
        self._launch = launch
        self._stop_signal = stop_signal

    @property
    def pid(self) -> int:
        """Process id of the server, or of the one that ended last."""
        return self._process.pid

    async def stop(self) -> None:
        """Stop it cleanly; the data stays."""
        await end(self._process, self._stop_signal, grace=30.0)

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        await end(self._process, signal.SIGKILL)

    async def restart(self) -> None:
        """Stop it when it runs, then start it at the same address. Raises ProcessError."""
        await self.stop()
        self._process = await self._launch()

    async def wait(self) -> int:
        """Wait until it ends, for whatever reason; returns its exit status."""
        return await self._process.wait()


class _Child:
    def __init__(self, command: Sequence[str | Path], env: Mapping[str, str], log: Path) -> None:
        self.command = command
        self.env = env
        self.log = log
        self.process: Process | None = None
        self.restarts = 0
        self.last_status: int | None = None
        self.keeper: asyncio.Task[None] | None = None


class Supervisor:
    """Keeps named child processes running until it is stopped."""

    def __init__(self, logs: Path, cwd: Path, env: Mapping[str, str]) -> None:
        """Logs go to `<logs>/<name>.log`; `env` is what every child gets."""
        self._logs = logs
        self._cwd = cwd
        self._env = dict(env)
        self._children: dict[str, _Child] = {}

    def start(self, name: str, command: Sequence[str | Path], env: Mapping[str, str]) -> None:
        """Start a child and keep it running, with `env` on top. A name is used once."""
        self._children[name] = _Child(command, {**self._env, **env}, self._logs / f"{name}.log")
        self.resume(name)

    def resume(self, name: str, **env: str) -> None:
        """Start a child that was halted, and keep it running again, from now on with `env` on top of its own."""
        child = self._children[name]
        child.env = {**child.env, **env}
        child.keeper = asyncio.create_task(self._keep(name, child), name=f"keep {name}")

    async def halt(self, name: str) -> int | None:
        """Ask one child to stop and leave it stopped; returns its exit status, None when it was down."""
        child = self._children[name]
        was_up = self.pid(name) is not None
        if child.keeper:
            child.keeper.cancel()
            await asyncio.gather(child.keeper, return_exceptions=True)
        return child.process.returncode if was_up and child.process else None

    def names(self) -> list[str]:
        """The children, in the order they were started."""
        return list(self._children)

    def pid(self, name: str) -> int | None:
        """The child's process id, or None while it is down."""
        process = self._children[name].process
        return process.pid if process and process.returncode is None else None

    def restarts(self, name: str) -> int:
        """How often the child ended by itself."""
        return self._children[name].restarts

    def last_status(self, name: str) -> int | None:
        """The exit status with which the child ended last by itself; -9 after a kill -9."""
        return self._children[name].last_status

    def log(self, name: str) -> Path:
        """The child's log file."""
        return self._children[name].log

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> int:
        """kill -9 a child, as a crash would, or signal it; returns its pid. Raises ProcessError when it is down."""
        process = self._children[name].process
        if process is None or process.returncode is not None:
            raise ProcessError(f"{name} is not running")
        process.send_signal(how)
        return process.pid

    async def stop(self) -> None:
        """End all children at once, each with time to finish."""
        keepers = [child.keeper for child in self._children.values() if child.keeper]
        for keeper in keepers:
            keeper.cancel()
        for result in await asyncio.gather(*keepers, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _keep(self, name: str, child: _Child) -> None:
        delay = _FIRST_DELAY_SECONDS
        loop = asyncio.get_running_loop()
        try:
            while True:
                began = loop.time()
                child.process = await spawn(child.command, child.log, env=child.env, cwd=self._cwd)
                status = await child.process.wait()
                child.restarts += 1
                child.last_status = status
                if loop.time() - began > _STEADY_SECONDS:
                    delay = _FIRST_DELAY_SECONDS
                with child.log.open("a", encoding="utf-8") as log:
                    log.write(f"{name} ended with status {status}: starting again in {delay:.1f} s\n")
                await asyncio.sleep(delay)
                delay = min(delay * 2, _LAST_DELAY_SECONDS)
        finally:
            if child.process:
                await end(child.process)
