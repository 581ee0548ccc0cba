"""The settings that only the monitor has."""

from pydantic import Field

from shared.runtime.settings import Settings


class MonitorSettings(Settings):
    """Read from `VEERKRACHT_*`, as those that every service has."""

    import_max_bytes: int = Field(
        268_435_456, ge=1024, description="the largest file of observations that is taken in over HTTP"
    )
    import_most_files: int = Field(
        20, ge=1, le=1000, description="files of observations that a process receives or has waiting at a time"
    )
    import_total_bytes: int = Field(
        536_870_912, ge=1024, description="bytes of those files together, in the folder for temporary files"
    )
    import_errors_kept: int = Field(
        10_000, ge=1, le=1_000_000, description="errors kept of a file of observations; all are counted"
    )
    import_errors_days: int = Field(90, ge=1, description="days after which the errors of a file are removed")
