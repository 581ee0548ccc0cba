"""What a benchmark hands to the report. A benchmark is a module with `run(scale: float) -> Section`; 1.0 is all."""

from collections.abc import Sequence
from dataclasses import dataclass

#: A float is shown with three significant digits, None as a dash.
Cell = str | int | float | None


class Missing(Exception):
    """A benchmark cannot run here. The message says what is missing; the report names it, with what was left out."""


@dataclass(frozen=True)
class Target:
    """A promise as one number: `value` is at least `bound`, or at most. None was not measured, so it is not met.

    The command fails when a required one is not met: a wrong figure, not a slow one.
    """

    text: str
    value: float | None
    bound: float
    at_most: bool = False
    required: bool = False

    @property
    def met(self) -> bool:
        """Whether it was measured and is kept."""
        if self.value is None:
            return False
        return self.value <= self.bound if self.at_most else self.value >= self.bound


@dataclass(frozen=True)
class Section:
    """A table of the report. Units stand in the columns; notes say how it was measured and what it does not show.

    `made` says when, of which code and at what size; the report fills it in.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    targets: Sequence[Target] = ()
    made: str = ""
