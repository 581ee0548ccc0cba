"""Plays the scenarios, each beside its control, and judges."""

import asyncio
import contextlib
import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..recomputation import Difference
from .controls import CONTROLS, crash_at_every_step
from .note import Note
from .parts.sandbox import Sandbox
from .scenarios import SCENARIOS
from .world import World

#: The disk of the Postgres that all scenarios share, which 12 fills: room for what all of them write, and no more.
_DISK = "4g"
#: Kills at each step have a row of their own, under 1.
STEPS = 0


@dataclass
class Result:
    """A row of the table."""

    number: int
    title: str
    seed: int
    note: Note
    found: Difference = field(default_factory=Difference)
    without: str = ""
    control: Difference | None = None
    seconds: float = 0.0

    @property
    def failures(self) -> list[str]:
        """Why this fails; nothing when it is right."""
        why = [*self.note.wrong]
        if self.found:
            why += [f"{self.found.lost} lost, {self.found.doubled} doubled", *self.found.examples[:8]]
        if not self.control:
            why.append(f"the control without {self.without} shows no difference")
        return why


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A tmpfs that can be filled, where we may mount one, else None."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=755", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def play(
    state: Path, seed: int, numbers: Sequence[int], minutes: float, outage: float, say: Callable[[str], None]
) -> list[Result]:
    """Play these scenarios with this seed, again with the next seed while there is time; returns all rows.

    An outage lasts `outage` seconds.
    """
    deadline = time.monotonic() + minutes * 60
    results: list[Result] = []
    with small_disk(state / "disk") as disk:
        async with (
            World(state / "world", seed, say, disk) as world,
            Sandbox(state / "sandbox", world.stack.postgres) as sandbox,
        ):
            say("the platform runs; the faults begin")
            while True:
                began = time.monotonic()
                for number in numbers:
                    result = await _one(world, sandbox, number, seed, outage)
                    results.append(result)
                    say(table([result]))
                seed += 1
                if time.monotonic() + (time.monotonic() - began) > deadline:
                    return results


async def _one(world: World, sandbox: Sandbox, number: int, seed: int, outage: float) -> Result:
    began = time.monotonic()
    note = Note(outage)
    if number == STEPS:
        result = Result(number, "kill -9 at each step of apply and relay", seed, note, without="one transaction")
        with _noted(note, "steps"):
            result.found, result.control = await crash_at_every_step(sandbox, note)
    else:
        title, _ = SCENARIOS[number]
        result = Result(number, title, seed, note, without=CONTROLS[number].without)
        await asyncio.gather(_played(world, result), _controlled(sandbox, result))
    result.seconds = time.monotonic() - began
    return result


async def _played(world: World, result: Result) -> None:
    with _noted(result.note, "scenario"):
        async with world.under_load():
            await SCENARIOS[result.number][1](world, random.Random(f"{result.seed} {result.number}"), result.note)
    with _noted(result.note, "afterwards"):
        await world.heal()
        try:
            await world.all_ready()
        except AssertionError:
            await world.kill_red()  # or the next scenarios fail for this one's reason
            raise
        finally:
            await world.drain()
    with _noted(result.note, "comparison"):
        result.found = await world.verdict()


async def _controlled(sandbox: Sandbox, result: Result) -> None:
    with _noted(result.note, "control"):
        await sandbox.clean()
        result.control = await CONTROLS[result.number].run(sandbox, result.note)
    result.note.beside.set()


@contextlib.contextmanager
def _noted(note: Note, part: str) -> Iterator[None]:
    """What breaks a scenario is its result, and the next one is played."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  told in the table
        note.wrong.append(f"{part}: {error!r}"[:2000])


def table(results: Sequence[Result]) -> str:
    """The rows, each with why it fails."""
    return "\n".join(
        text for result in results for text in (line(result), *(f"       {why}" for why in result.failures))
    )


def heading() -> str:
    """The first line of the table."""
    return f"{'':3} {'scenario':39} {'seed':>6} {'lost':>5} {'doubled':>7}  {'verdict':7} control; what was injected"


def line(result: Result) -> str:
    """A row of the table."""
    name = "1+" if result.number == STEPS else str(result.number)
    control = result.control or Difference()
    injected = ", ".join(f"{count} {what}" for what, count in result.note.injected.items())
    said = f" ({'; '.join(result.note.said)})" if result.note.said else ""
    return (
        f"{name:>3} {result.title:39} {result.seed:>6} {result.found.lost:>5} {result.found.doubled:>7}  "
        f"{'FAILED' if result.failures else 'exact':7} without {result.without}: {control.lost} lost, "
        f"{control.doubled} doubled; {result.seconds:.0f} s: {injected}{said}"
    )
