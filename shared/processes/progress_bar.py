"""How far a long command is, and when it will be done: a bar for a person, a line now and then for a log."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: A line per this share of the work where nobody is looking.
_STEP = 0.1


class Bar:
    """`with Bar("what") as bar: bar.show(done, total)`. Writes to standard error."""

    def __init__(self, what: str) -> None:
        self._what = what
        console = Console(file=sys.stderr)
        self._told = -_STEP
        self._live = console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
        )
        self._task = self._progress.add_task(what, total=None)

    def __enter__(self) -> Self:
        if self._live:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._progress.stop()

    def show(self, done: int, total: int) -> None:
        """So much is done of so much."""
        self._progress.update(self._task, completed=done, total=total)
        share = done / total if total else 1.0
        if not self._live and (share >= self._told + _STEP or (share == 1.0 and self._told < 1.0)):
            self._told = share
            left = self._progress.tasks[0].time_remaining
            when = f", about {left:.0f} s to go" if left else ""
            sys.stderr.write(f"{self._what}: {done} of {total} ({share:.0%}){when}\n")
            sys.stderr.flush()
