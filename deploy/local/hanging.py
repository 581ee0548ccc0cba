"""Kills what does not answer, so that the supervisor starts another: a process ends by itself when its loop hangs, but
not when a signal stopped it. In Compose the health check of a container does this."""

import asyncio
from collections.abc import Mapping

import httpx2

from .processes import ProcessError, Supervisor

_LOOK_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
#: The process has ended by itself before, if it can.
HUNG_SECONDS = 45.0


async def kill_what_hangs(processes: Supervisor, urls: Mapping[str, str], hung: float = HUNG_SECONDS) -> None:
    """Until cancelled: ask each process at its address whether it lives."""
    now = asyncio.get_running_loop().time
    answered: dict[tuple[str, int | None], float] = {}
    async with httpx2.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False) as client:
        while True:
            for name, url in urls.items():
                life = name, processes.pid(name)
                try:
                    await client.get(url)
                except httpx2.HTTPError:
                    if life[1] is not None and now() - answered.setdefault(life, now()) > hung:
                        _kill(processes, name)
                else:
                    answered[life] = now()
            await asyncio.sleep(min(_LOOK_SECONDS, hung / 3))


def _kill(processes: Supervisor, name: str) -> None:
    with processes.log(name).open("a", encoding="utf-8") as log:
        log.write(f"{name} answers nothing: killed\n")
    try:
        processes.kill(name)
    except ProcessError:
        return  # it ended meanwhile
