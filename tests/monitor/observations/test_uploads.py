"""Files on their way in: so many at a time, refused before they are read, and none left behind."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from services.monitor.observations.receiving import KINDS, PREFIX, Intake, sweep
from shared.http.problems import Problem


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are received."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def pieces(*contents: bytes) -> AsyncIterator[bytes]:
    """A body."""
    for content in contents:
        yield content


def refused(intake: Intake, headers: Mapping[str, str]) -> Problem:
    with pytest.raises(Problem) as problem:
        intake.admit(headers)
    return problem.value


def test_only_what_nobody_holds_is_removed(folder: Path) -> None:
    held = Intake(2, 1000, 1000).admit({})
    left, fresh, other = (folder / name for name in (f"{PREFIX}left", f"{PREFIX}fresh", "other"))
    for path, age in ((held.path, 1_000_000), (left, 61), (fresh, 59), (other, 1_000_000)):
        path.write_bytes(b"x")
        os.utime(path, (2_000_000 - age, 2_000_000 - age))
    sweep(2_000_000)
    assert sorted(folder.iterdir()) == sorted([held.path, fresh, other])
    held.discard()
    assert sorted(folder.iterdir()) == sorted([fresh, other])


async def test_there_is_room_for_so_many_files_and_bytes_and_it_comes_back() -> None:
    intake = Intake(2, 100, 60)
    first, second = intake.admit({"content-length": "60"}), intake.admit({"content-length": "40"})
    problem = refused(intake, {"content-length": "1"})
    assert (problem.status, problem.code) == (503, "too-many-imports")
    assert problem.headers == {"Retry-After": "60"}
    second.discard()
    second.discard()
    assert refused(intake, {}).status == 503, "who does not say how much may send the largest"
    await first.receive(pieces(b"x" * 30, b"y" * 10))
    assert (first.size, intake.bytes, intake.files) == (40, 40, 1)
    third = intake.admit({})
    with pytest.raises(Problem) as problem_:
        await third.receive(pieces(b"x" * 61))
    assert problem_.value.status == 413
    third.discard()
    first.discard()
    assert (intake.bytes, intake.files) == (0, 0)


def test_what_is_too_large_or_empty_is_refused_by_what_it_says(folder: Path) -> None:
    intake = Intake(2, 100, 60)
    assert refused(intake, {"content-length": "61"}).status == 413
    assert refused(intake, {"content-length": "0"}).code == "empty-file"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json"},
        {"content-type": "text/csv; header=present; charset=utf-16"},
        {"content-type": "text/csv", "content-encoding": "gzip"},
        {"content-encoding": "br"},
    ],
)
def test_what_is_not_the_file_itself_is_refused_with_how_to_send_it(headers: dict[str, str], folder: Path) -> None:
    problem = refused(Intake(2, 100, 60), headers)
    assert problem.status == 415
    assert "--data-binary @bestand.csv" in problem.detail
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "headers",
    [{}, *({"content-type": kind} for kind in KINDS), {"content-type": 'Text/CSV; header=present; Charset="UTF-8"'}],
)
def test_control_a_file_itself_is_taken(headers: dict[str, str]) -> None:
    Intake(2, 100, 60).admit({**headers, "content-encoding": "identity"}).discard()


@pytest.mark.real
def test_what_a_killed_process_received_is_gone_after_a_restart(folder: Path) -> None:
    making = (
        "import os, sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from services.monitor.observations.receiving import Intake\n"
        "file = Intake(1, 9, 9).admit({}); os.utime(file.path, (1, 1)); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", making, str(folder)], check=False)
    assert len(list(folder.iterdir())) == 1
    sweep(2_000_000)
    assert list(folder.iterdir()) == []
