"""Judges the corrections in a file: what of each may be public beside all that ever was of its observation."""

from collections.abc import Mapping

from shared.database import Connection, Record

from ..figure.public import PublicTally
from ..figure.record import tally_of
from ..figure.tally import Tally
from . import store
from .domain import PublicVersion, correction
from .file.codebook import IndicatorRules

#: Lines between two writes, whatever their number: memory does not grow with the file.
_PIECE = 10_000


async def judge_corrections(
    connection: Connection, indicators: Mapping[str, IndicatorRules], thresholds: Mapping[str, int]
) -> int:
    """Judge the staged lines about what was ever public; returns how many are to wait."""
    judge = _Judge(connection, indicators, thresholds)
    await store.index_staged(connection)
    line: Record | None = None
    versions: list[PublicVersion] = []
    async for row in store.corrections(connection, _PIECE):
        if line is not None and row["line"] != line["line"]:
            await judge.judge(line, versions)
            versions = []
        line = row
        versions.append(_version(row))
    if line is not None:
        await judge.judge(line, versions)
    await judge.write()
    return judge.waiting


class _Judge:
    """Writes some judgements at a time."""

    def __init__(
        self, connection: Connection, indicators: Mapping[str, IndicatorRules], thresholds: Mapping[str, int]
    ) -> None:
        self._connection, self._indicators, self._thresholds = connection, indicators, thresholds
        self._wait: list[int] = []
        self._coarse: list[tuple[int, PublicTally]] = []
        self.waiting = 0

    async def judge(self, line: Record, versions: list[PublicVersion]) -> None:
        """Judge one line."""
        quantity, threshold = self._indicators[line["indicator"]].quantity, self._thresholds[line["source"]]
        found = correction(tally_of(line), versions, quantity, threshold)
        if found is None:
            self._wait.append(line["line"])
        elif found.coarse:
            self._coarse.append((line["line"], found.public))
        if len(self._wait) + len(self._coarse) >= _PIECE:
            await self.write()

    async def write(self) -> None:
        """Write what is not written yet."""
        if self._wait:
            await store.set_waiting(self._connection, self._wait)
        if self._coarse:
            await store.set_coarse(self._connection, self._coarse)
        self.waiting += len(self._wait)
        self._wait, self._coarse = [], []


def _version(row: Record) -> PublicVersion:
    """What they answered, as far as a correction is judged by it."""
    exact = Tally(
        row["was_respondents"],
        row["was_n"],
        int(row["was_total"]),
        numerator=row["was_numerator"],
        denominator=row["was_denominator"],
        histogram=tuple(row["was_histogram"]),
    )
    return PublicVersion(exact, row["was_coarse"])
