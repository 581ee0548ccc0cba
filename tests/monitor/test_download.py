"""Files made on request: one at a time, wholly made before anything is sent, and never too many in line."""

import asyncio
from typing import BinaryIO

import pytest

from services.monitor import download
from shared.http.problems import Problem


async def test_they_are_made_one_at_a_time_and_too_many_are_sent_away() -> None:
    go = asyncio.Event()
    at_work = most = 0

    async def write(out: BinaryIO) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await go.wait()
        out.write(b"made")
        at_work -= 1

    line = [asyncio.ensure_future(download.make(write, "text/csv", "x.csv")) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(Problem) as refused:
        await download.make(write, "text/csv", "x.csv")
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "30"})
    go.set()
    made = await asyncio.gather(*line)
    assert most == 1
    assert {file.headers["content-length"] for file in made} == {"4"}
    for file in made:
        file._file.close()
    (await download.make(write, "text/csv", "x.csv"))._file.close()


async def test_what_goes_wrong_while_writing_is_raised_and_leaves_nothing_in_line() -> None:
    async def write(_: BinaryIO) -> None:
        raise RuntimeError("half way")

    for _ in range(20):
        with pytest.raises(RuntimeError, match="half way"):
            await download.make(write, "text/csv", "x.csv")
