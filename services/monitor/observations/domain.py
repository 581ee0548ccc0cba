"""What was offered, what became of it, and in which steps it becomes public."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that was offered, and whether its good rows may be stored without the others."""

    id: str
    name: str
    sha256: str
    good_rows: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a file. `stored` are new or replace one of `replaced`."""

    rows: int
    stored: int = 0
    replaced: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class PublicationStep:
    """The rows of an import on an indicator and source in a year, and the event that brought them."""

    upload: str
    indicator: str
    source: str
    year: str
    event: str

    @property
    def series(self) -> tuple[str, str, str, str]:
        """Indicator, source, and the bounds of the periods."""
        return self.indicator, self.source, self.year, str(int(self.year) + 1)
