"""A file on its way in: what is refused before a byte of it is read, how many there are at a time, where they stay."""

import errno
import fcntl
import hashlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.http.problems import Problem

from ..settings import MonitorSettings

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a file of observations may be called on its way; browsers on Windows take CSV for Excel's.
KINDS = ("text/csv", XLSX, "text/plain", "application/csv", "application/vnd.ms-excel", "application/octet-stream")
#: In which a CSV is read: that of a file shows in its bytes.
_CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii", "windows-1252", "iso-8859-1")
#: What a file that is being received is called, in the folder for temporary files.
PREFIX = "veerkracht-import-"
#: A file that another process just made may not be locked yet.
_MAKING_SECONDS = 60.0

_HOW = (
    "Er is niets gelezen. Stuur het bestand zelf als inhoud van het bericht, niet in een formulier en niet ingepakt, "
    f"met Content-Type text/csv of {XLSX}; met curl: -H 'Content-Type: text/csv' --data-binary @bestand.csv."
)
_FULL = "Er wachten al veel bestanden. Er is niets opgeslagen: bied dit straks opnieuw aan."
_EMPTY = "Het bestand is leeg. Stuur de inhoud van een CSV- of XLSX-bestand mee."
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(slots=True, eq=False)
class Intake:
    """The room for files that are received or wait their turn, so many and of so many bytes at a time."""

    most_files: int
    most_bytes: int
    largest: int
    files: int = 0
    bytes: int = 0

    @classmethod
    def of(cls, settings: MonitorSettings) -> "Intake":
        """As the settings have it."""
        largest = min(settings.import_max_bytes, settings.import_total_bytes)
        return cls(settings.import_most_files, settings.import_total_bytes, largest)

    def admit(self, headers: Mapping[str, str]) -> "IncomingFile":
        """Room for a file, from what its headers say. Raises Problem, before anything of it is read."""
        _require_plain_file(headers)
        declared = headers.get("content-length", "")
        # Who does not say may send the largest.
        size = int(declared) if declared.isascii() and declared.isdigit() else self.largest
        if size == 0:
            raise _empty()
        if size > self.largest:
            raise self._too_large()
        if self.files >= self.most_files or self.bytes + size > self.most_bytes:
            raise _full()
        return IncomingFile(self, size)

    def _too_large(self) -> Problem:
        detail = f"Het bestand is groter dan {self.largest} bytes. Er is niets opgeslagen: deel het op."
        return Problem(413, "body-too-large", detail)


class IncomingFile:
    """A file that is received, in the folder for temporary files and locked: no process that lives loses it, and what
    one that was killed left is known by its lock. Whoever has it discards it."""

    def __init__(self, intake: Intake, size: int) -> None:
        self._intake, self._reserved = intake, 0
        self._reserve(size, 1)
        try:
            handle = tempfile.NamedTemporaryFile(prefix=PREFIX, delete=False)  # noqa: SIM115
        except OSError as error:
            self._reserve(0, -1)
            raise _without_room(error) from error
        self._file = handle
        fcntl.flock(handle, fcntl.LOCK_EX)
        self.path = Path(handle.name)
        self.size = 0
        self.sha256 = ""
        self._there = True

    async def receive(self, pieces: AsyncIterator[bytes]) -> None:
        """Write the body down. Raises Problem when there is none, more than may be or no room for it."""
        digest = hashlib.sha256()
        try:
            async for piece in pieces:
                self.size += len(piece)
                if self.size > self._intake.largest:
                    raise self._intake._too_large()
                digest.update(piece)
                self._file.write(piece)
            self._file.flush()
        except OSError as error:
            raise _without_room(error) from error
        if not self.size:
            raise _empty()
        self.sha256 = digest.hexdigest()
        self._reserve(self.size, 0)

    def discard(self) -> None:
        """Remove the file and give its room back, once."""
        if self._there:
            self._there = False
            self.path.unlink(missing_ok=True)
            with suppress(OSError):
                # What was not written yet may have no room.
                self._file.close()
            self._reserve(0, -1)

    def _reserve(self, size: int, files: int) -> None:
        self._intake.bytes += size - self._reserved
        self._intake.files += files
        self._reserved = size


def sweep(now: float) -> None:
    """Remove what processes that were killed left of files they received. Others may be at work in the same folder."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError), path.open("rb") as left:
            if path.stat().st_mtime < now - _MAKING_SECONDS:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def _require_plain_file(headers: Mapping[str, str]) -> None:
    kind, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    charsets = [part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")]
    coding = headers.get("content-encoding", "identity").strip().lower()
    if (kind and kind not in KINDS) or coding != "identity" or any(each not in _CHARSETS for each in charsets):
        raise Problem(415, "unsupported-media-type", _HOW, headers={"Accept-Encoding": "identity"})


def _empty() -> Problem:
    return Problem(400, "empty-file", _EMPTY, [{"pointer": "#", "detail": _EMPTY}])


def _full() -> Problem:
    return Problem(503, "too-many-imports", _FULL, headers={"Retry-After": "60"})


def _without_room(error: OSError) -> Exception:
    return _full() if error.errno in _NO_ROOM else error
