"""What a signal stopped answers nothing and cannot end: it is killed, and its supervisor starts another."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from deploy.docker import healthcheck
from deploy.local import ROOT
from deploy.local.hanging import kill_what_hangs
from deploy.local.ports import HOST, free_port
from deploy.local.processes import Supervisor
from tests.journeys.platform import until


@asynccontextmanager
async def one_that_answers(folder: Path) -> AsyncIterator[tuple[Supervisor, str]]:
    """A process that serves its folder, under a supervisor."""
    port = free_port()
    processes = Supervisor(folder, ROOT, {})
    processes.start("web", [sys.executable, "-m", "http.server", str(port), "--bind", HOST], {})
    url = f"http://{HOST}:{port}/"

    async def answers() -> bool:
        with contextlib.suppress(httpx2.TransportError):
            async with httpx2.AsyncClient(timeout=1.0, trust_env=False) as client:
                return (await client.get(url)).status_code == 200
        return False

    try:
        await until(answers, bool, 30)
        yield processes, url
    finally:
        await processes.stop()


@pytest.mark.real
@pytest.mark.parametrize("watched", [True, False], ids=["as it is", "control: nobody looks"])
async def test_what_is_stopped_is_killed_and_started_again(tmp_path: Path, watched: bool) -> None:
    async with one_that_answers(tmp_path) as (processes, url):
        watching = asyncio.create_task(kill_what_hangs(processes, {"web": url} if watched else {}, hung=1.0))
        processes.kill("web", signal.SIGSTOP)

        async def restarts() -> int:
            return processes.restarts("web")

        if watched:
            await until(restarts, lambda times: times == 1, 30)
        else:
            with pytest.raises(AssertionError):
                await until(restarts, bool, 3)
            processes.kill("web", signal.SIGCONT)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def test_a_container_counts_checks_without_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "unanswered"
    assert [healthcheck.count(file) for _ in range(3)] == [1, 2, 3]


def test_a_container_kills_what_its_init_started_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pid, name, parent in (
        (1, "docker-init", 0),
        (7, "python (x) y", 1),
        (9, "a thread of it", 7),
        (12, "check", 0),
    ):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} ({name}) T {parent} 7 7 0", encoding="utf-8")
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr("os.kill", lambda pid, how: killed.append((pid, how)))
    healthcheck.kill(tmp_path)
    assert killed == [(7, signal.SIGKILL)]


def test_a_worker_is_killed_at_the_last_of_so_many_and_an_api_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[Path] = []
    monkeypatch.setattr(healthcheck, "_COUNT", tmp_path / "unanswered")
    monkeypatch.setattr(healthcheck, "kill", killed.append)
    monkeypatch.setattr(healthcheck, "target", lambda _: (1, "/readyz"))

    def refuse(*_: object, **__: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr("http.client.HTTPConnection.request", refuse)
    assert [healthcheck.main("api") for _ in range(9)] == [1] * 9 and killed == []
    assert [healthcheck.main("worker") for _ in range(3)] == [1] * 3 and killed == []
    assert healthcheck.main("worker") == 1 and killed == [Path("/proc")]
