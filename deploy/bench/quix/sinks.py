"""The sinks: each gathers a checkpoint and writes it in one transaction."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import psycopg2
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values
from quixstreams.sinks import BaseSink

#: (area, theme, month as YYYY-MM).
Cell = tuple[str, str, str]

_PAGE = 2_000
_ADD = """
    INSERT INTO cell VALUES %s ON CONFLICT (area, theme, month) DO UPDATE
    SET n = cell.n + excluded.n, sum = cell.sum + excluded.sum, last = greatest(cell.last, excluded.last)
"""
_WRITE = """
    INSERT INTO cell VALUES %s ON CONFLICT (area, theme, month) DO UPDATE
    SET n = excluded.n, sum = excluded.sum, last = excluded.last
"""
_SUM_UP = """
    INSERT INTO cell
    SELECT above, theme, month, sum(n), sum(sum), max(last)
    FROM (VALUES %s) AS changed (above, theme, month) JOIN higher USING (above) JOIN cell USING (area, theme, month)
    GROUP BY above, theme, month
    ON CONFLICT (area, theme, month) DO UPDATE SET n = excluded.n, sum = excluded.sum, last = excluded.last
"""
_BURY = "INSERT INTO dead VALUES %s ON CONFLICT DO NOTHING"


class Counted(Protocol):
    """An event to fold: `amount` in cents, `at` in UTC."""

    area: str
    theme: str
    at: datetime
    amount: int
    sign: int


class _Tables(BaseSink):
    """What both have in common. A value of None is a dead letter."""

    def __init__(self, url: str, regions: Mapping[str, str], province: str) -> None:
        super().__init__()
        self._url = url
        self._regions = regions
        self._province = province
        self._dead: list[tuple[int, int]] = []

    def setup(self) -> None:
        """Connect."""
        self._connection = psycopg2.connect(self._url)

    def flush(self) -> None:
        """Write what came in since the last checkpoint."""
        with self._connection, self._connection.cursor() as cursor:
            self._write(cursor)
            if self._dead:
                execute_values(cursor, _BURY, self._dead)
        self._dead = []

    def on_paused(self) -> None:
        """Never: it signals no backpressure."""

    @abstractmethod
    def _write(self, cursor: Cursor) -> None:
        """Write the cells, and forget them."""


class Deltas(_Tables):
    """Folds events by municipality and adds the checkpoint's sums to the rows of every level."""

    def __init__(self, url: str, regions: Mapping[str, str], province: str) -> None:
        super().__init__(url, regions, province)
        self._cells: dict[tuple[str, str, int, int], tuple[int, int, datetime]] = {}

    def add(self, value: Counted | None, *, partition: int, offset: int, **_: object) -> None:
        """Fold an event."""
        if value is None:
            self._dead.append((partition, offset))
            return
        at, sign = value.at, value.sign
        cell = value.area, value.theme, at.year, at.month
        found = self._cells.get(cell)
        if found is None:
            self._cells[cell] = sign, sign * value.amount, at
        else:
            n, total, last = found
            self._cells[cell] = n + sign, total + sign * value.amount, at if at > last else last

    def _write(self, cursor: Cursor) -> None:
        rows: dict[Cell, tuple[int, int, datetime]] = {}
        for (area, theme, year, number), (n, total, last) in self._cells.items():
            month = f"{year}-{number:02}"
            rows[area, theme, month] = n, total, last
            for above in (self._regions[area], self._province):
                found = rows.get((above, theme, month))
                rows[above, theme, month] = (
                    (found[0] + n, found[1] + total, max(found[2], last)) if found else (n, total, last)
                )
        if rows:
            execute_values(cursor, _ADD, [(*cell, *row) for cell, row in rows.items()], page_size=_PAGE)
        self._cells = {}


class Totals(_Tables):
    """Writes a municipality's rows whole, and sums up the higher levels that they change."""

    def __init__(self, url: str, regions: Mapping[str, str], province: str) -> None:
        super().__init__(url, regions, province)
        self._cells: dict[Cell, list[int]] = {}

    def setup(self) -> None:
        """Connect, and put the levels where Postgres can join them."""
        super().setup()
        levels = [(above, area) for area, region in self._regions.items() for above in (region, self._province)]
        with self._connection, self._connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE higher (above text, area text)")
            execute_values(cursor, "INSERT INTO higher VALUES %s", levels)
            cursor.execute("ANALYZE higher")

    def add(self, value: tuple[Cell, list[int]] | None, *, partition: int, offset: int, **_: object) -> None:
        """Take the latest totals of a cell."""
        if value is None:
            self._dead.append((partition, offset))
        else:
            self._cells[value[0]] = value[1]

    def _write(self, cursor: Cursor) -> None:
        if not self._cells:
            return
        rows = [(*cell, *row) for cell, row in self._cells.items()]
        execute_values(cursor, _WRITE, rows, template="(%s, %s, %s, %s, %s, to_timestamp(%s))", page_size=_PAGE)
        changed = {
            (above, theme, month)
            for area, theme, month in self._cells
            for above in (self._regions[area], self._province)
        }
        execute_values(cursor, _SUM_UP, list(changed), page_size=_PAGE)
        self._cells = {}
