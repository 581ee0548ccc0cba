"""What must hold once all is folded: every process lives, none is behind, the tables are as recomputed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import httpx2

from deploy.local import SERVICES
from deploy.local.processes import Supervisor
from deploy.local.stack import Stack
from shared.runtime.settings import Settings

from ..faults.parts import tables
from ..faults.parts.progress import behind, differences
from ..faults.parts.watching import Log

_SHOWN = 6
#: Why a dead letter is there that is none: one that rounds.py put there to be replayed.
LAID_ASIDE = "laid aside by a test"


def ended(processes: Supervisor, before: Mapping[str, int]) -> list[str]:
    """Processes that ended by themselves more often than `before`."""
    return [f"{name} ended by itself" for name, times in before.items() if processes.restarts(name) > times]


class Watch:
    """Looks at a stack from the moment it is made."""

    def __init__(self, stack: Stack, client: httpx2.AsyncClient) -> None:
        self._stack = stack
        self._client = client
        self._log = Log(stack.broker.servers)
        self._restarts = {name: stack.processes.restarts(name) for name in stack.processes.names()}
        self._letters: set[str] = set()

    @asynccontextmanager
    async def _owner(self) -> AsyncIterator[tables.Owner]:
        connection = await asyncpg.connect(self._stack.postgres.admin_url, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    async def begin(self) -> None:
        """Dead letters of before are not ours."""
        async with self._owner() as owner:
            self._letters = set(await tables.dead_letters(owner))

    async def wrong(self, seconds: float = 60) -> list[str]:
        """Wait until everything is folded; what does not hold then."""
        found = ended(self._stack.processes, self._restarts) or await self._late(seconds)
        return [*found, *await self.red()] or await self._different()

    async def fatal(self) -> list[str]:
        """What does not hold while others write on: processes that ended, or are not ready."""
        return [*ended(self._stack.processes, self._restarts), *await self.red()]

    async def _late(self, seconds: float) -> list[str]:
        """What is still under way after so long, or when a process ends."""
        deadline = asyncio.get_running_loop().time() + seconds
        quiet = 0
        while True:
            async with self._owner() as owner:
                waiting = await behind(owner, self._log) or await self._importing()
            quiet = 0 if waiting else quiet + 1
            if quiet == 2:
                return []
            if fell := ended(self._stack.processes, self._restarts):
                return fell
            if asyncio.get_running_loop().time() > deadline:
                return [f"not folded after {seconds:.0f} s: {where}" for where in waiting[:_SHOWN]]
            await asyncio.sleep(0.05)

    async def _importing(self) -> list[str]:
        """Files of which not all is public yet."""
        token = self._stack.tokens["programme"]
        answer = await self._client.get(
            "/monitor/v1/observation-imports", params={"limit": "20"}, headers={"Authorization": f"Bearer {token}"}
        )
        return [
            f"import {one['id']} is {one['state']} with {one['stepsLeft']} steps left"
            for one in answer.json()
            if one["state"] == "reading" or one["stepsLeft"]
        ]

    async def red(self) -> list[str]:
        """Processes that are not ready, and services that say that one of theirs is not."""
        urls = [url for urls in self._stack.health.values() for url in urls]
        urls += [f"{self._stack.base_url}/{service}/health" for service in SERVICES]
        answers = await asyncio.gather(*(self._client.get(url) for url in urls), return_exceptions=True)
        found = []
        for url, answer in zip(urls, answers, strict=True):
            if isinstance(answer, BaseException):
                found.append(f"{url}: {answer!r}")
            elif answer.status_code not in (200, 404 if url.endswith("/health") else 200):
                found.append(f"{url}: {answer.status_code} {answer.text[:300]}")
        return found

    async def _different(self) -> list[str]:
        async with self._owner() as owner, owner.transaction(isolation="repeatable_read"):
            difference = await differences(owner, Settings().oin)
            letters = set(await tables.dead_letters(owner)) - self._letters
        real = sorted(letter for letter in letters if not letter.endswith(LAID_ASIDE))
        return [*difference.examples[:_SHOWN], *(f"dead letter: {letter}" for letter in real[:_SHOWN])]
