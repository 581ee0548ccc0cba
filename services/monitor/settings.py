"""The settings that only the monitor has."""

from typing import Annotated

from pydantic import Field

from shared.contracts.vocabulary import SourceKind
from shared.runtime.settings import Settings


class MonitorSettings(Settings):
    """Read from `VEERKRACHT_*`, as those that every service has."""

    publication_thresholds: dict[SourceKind, Annotated[int, Field(ge=1)]] = Field(
        {}, description='thresholds of kinds of sources that have their own, as JSON: `{"ggd": 30}`'
    )
    import_max_bytes: int = Field(
        268_435_456, ge=1024, description="the largest file of observations that is taken in over HTTP"
    )

    def threshold(self, source: SourceKind) -> int:
        """The fewest respondents that a figure from this kind of source is published of."""
        return self.publication_thresholds.get(source, self.publication_threshold)
