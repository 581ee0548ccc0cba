"""Files made on request: one at a time, once for all who ask for the same, kept for a while, and not for nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import BinaryIO

import pytest
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Message

from services.monitor.download import MadeFile, MadeFiles
from shared.http.problems import Problem


class Reader:
    """Who asks, and may leave."""

    def __init__(self, asker: str) -> None:
        self.leave = asyncio.Event()
        self.request = Request({"type": "http", "headers": [], "state": {"asker": asker}}, self._receive)

    async def _receive(self) -> Message:
        await self.leave.wait()
        return {"type": "http.disconnect"}


class Work:
    """Something that is made when it is told to go on."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.begun = self.done = self.ended = self.at_work = self.most = 0

    async def write(self, file: BinaryIO) -> None:
        """Make it."""
        self.begun += 1
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            await self.go.wait()
            file.write(b"made")
            self.done += 1
        finally:
            self.at_work -= 1
            self.ended += 1


def ask(
    files: MadeFiles, key: object, write: Callable[[BinaryIO], Awaitable[None]], reader: Reader | None = None
) -> "asyncio.Future[MadeFile]":
    return asyncio.ensure_future(files.get((reader or Reader(f"who asks for {key}")).request, (key,), write))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_all_ask_for_is_made_once_and_kept_for_who_comes_later() -> None:
    files, work = MadeFiles(), Work()
    asked = [ask(files, "a", work.write) for _ in range(50)]
    await settle()
    work.go.set()
    made = await asyncio.gather(*asked)
    made.append(await ask(files, "a", work.write))
    assert work.begun == 1
    assert {b"".join(file.pieces()) for file in made} == {b"made"}
    await ask(files, "another version", work.write)
    assert work.begun == 2


async def test_they_are_made_one_at_a_time_and_too_many_different_ones_are_sent_away() -> None:
    files, work = MadeFiles(), Work()
    line = [ask(files, number, work.write) for number in range(32)]
    await settle()
    with pytest.raises(Problem) as refused:
        await ask(files, "one more", work.write)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "30"})
    same = ask(files, 3, work.write)
    work.go.set()
    await asyncio.gather(*line, same)
    assert (work.most, work.done) == (1, 32)


async def test_nobody_has_the_whole_line() -> None:
    files, work = MadeFiles(), Work()
    line = [ask(files, number, work.write, Reader("the same")) for number in range(4)]
    await settle()
    with pytest.raises(Problem):
        await ask(files, "a fifth", work.write, Reader("the same"))
    line.append(ask(files, "of another", work.write, Reader("another")))
    line.append(ask(files, 3, work.write, Reader("the same")))
    work.go.set()
    assert len(await asyncio.gather(*line)) == 6


async def test_work_ends_when_its_last_reader_leaves_and_others_are_served() -> None:
    files, work = MadeFiles(), Work()
    stays, leaves = Reader("stays"), [Reader(f"leaves {number}") for number in range(40)]
    abandoned = [ask(files, number % 8, work.write, reader) for number, reader in enumerate(leaves)]
    await settle()
    kept = ask(files, 0, work.write, stays)
    await settle()
    for reader in leaves:
        reader.leave.set()
    assert {type(one) for one in await asyncio.gather(*abandoned, return_exceptions=True)} == {ClientDisconnect}
    await settle()
    assert not kept.done() and work.at_work == 1, "of this one a reader is left"
    others = [ask(files, f"other {number}", work.write) for number in range(7)]
    work.go.set()
    await asyncio.gather(kept, *others)
    assert work.begun == work.done == 8


async def test_control_work_that_nobody_ends_holds_up_all_others() -> None:
    """As it was: who left still had its place in the line."""
    files, work = MadeFiles(), Work()
    for number in range(32):
        ask(files, number, work.write)
    await settle()
    with pytest.raises(Problem):
        await ask(files, "other", work.write)
    work.go.set()
    await settle()


async def test_what_is_old_or_too_much_is_not_kept_and_who_reads_it_has_it_still() -> None:
    work = Work()
    work.go.set()
    for files in (MadeFiles(seconds=0), MadeFiles(size=3)):
        before = work.begun
        reading = (await ask(files, "a", work.write)).pieces()
        await ask(files, "a", work.write)
        assert work.begun == before + 2
        assert b"".join(reading) == b"made"


async def test_what_goes_wrong_is_told_to_all_who_wait_and_leaves_nothing_behind() -> None:
    files = MadeFiles()

    async def write(_: BinaryIO) -> None:
        await asyncio.sleep(0)
        raise RuntimeError("half way")

    for _ in range(20):
        for told in await asyncio.gather(*(ask(files, "a", write) for _ in range(3)), return_exceptions=True):
            assert isinstance(told, RuntimeError)
