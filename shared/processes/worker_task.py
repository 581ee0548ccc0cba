"""What a stream worker runs beside its projections, in the same event loop."""

from typing import Protocol


class WorkerTask(Protocol):
    """Work that goes on for as long as the worker runs. What it raises ends the worker, as with a projection."""

    @property
    def name(self) -> str:
        """What an operator knows it by."""

    def problem(self) -> str | None:
        """What is wrong, or None."""

    async def run(self) -> None:
        """Work until cancelled."""
