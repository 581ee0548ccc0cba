"""Answers about files of observations."""

from datetime import datetime
from typing import Literal

from shared.database import Record
from shared.http.bodies import View

from . import store


class Error(View):
    """One thing that is wrong with a file. `line` counts from 1; `cell` is its address in a spreadsheet."""

    line: int
    cell: str | None
    column: str | None
    value: str | None
    reason: str


class Import(View):
    """A file that was offered. `stored` rows are new, replace one of `replaced` or are corrections that stay `waiting`:
    beside what was ever public they would tell of too few people. `unchanged` ones said nothing new.

    What else is stored becomes public in steps; `stepsLeft` are to come, `publication` was the last.

    `errorCount` errors were found, of which the first `errorsKept` can be had, until they are old. A file of text was
    read in `encoding`: Windows-1252 when it was not UTF-8.

    `state`: it is being read; it was accepted; it was refused and nothing is stored; it failed or was interrupted, and
    nothing is stored: offer it again.
    """

    id: str
    file_name: str
    sha256: str
    good_rows: bool
    state: Literal["reading", "accepted", "refused", "failed", "interrupted"]
    bytes_read: int
    bytes_total: int
    rows: int
    stored: int
    replaced: int
    waiting: int
    unchanged: int
    refused: int
    error_count: int
    errors_kept: int
    encoding: Literal["utf-8", "windows-1252"] | None
    steps_left: int
    publication: int | None
    started_at: datetime


class ImportWithErrors(Import):
    """The same with the first errors, by line."""

    errors: list[Error]


def import_view(row: Record, now: datetime) -> Import:
    """A file that was offered, as it is answered."""
    silent = row["state"] == "reading" and now - row["seen_at"] > store.SILENT
    return Import(
        id=row["id"],
        file_name=row["file_name"],
        sha256=row["sha256"],
        good_rows=row["good_rows"],
        state="interrupted" if silent else row["state"],
        bytes_read=row["position"],
        bytes_total=row["size"],
        rows=row["rows"],
        stored=row["stored"],
        replaced=row["replaced"],
        waiting=row["waiting"],
        unchanged=row["unchanged"],
        refused=row["refused"],
        error_count=row["errors"],
        errors_kept=row["errors_kept"],
        encoding=row["encoding"],
        steps_left=row["steps_left"],
        publication=row["publication"],
        started_at=row["started_at"],
    )
