"""The settings that only the monitor has."""

from pydantic import Field

from shared.runtime.settings import Settings


class MonitorSettings(Settings):
    """Read from `VEERKRACHT_*`, as those that every service has."""

    import_max_bytes: int = Field(
        268_435_456, ge=1024, description="the largest file of observations that is taken in over HTTP"
    )
