"""The pulse with its protection taken away: it begins where the log ends, and reads no window back."""

import runpy
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from services.community.pulse import command
from services.community.pulse.log import Offsets, put_back


async def begin_at_the_end(servers: str, group: str, topics: Sequence[str], _: datetime) -> Offsets:
    """No record is from tomorrow."""
    return await put_back(servers, group, topics, datetime.now(UTC) + timedelta(days=1))


if __name__ == "__main__":
    sys.argv = ["services.community", "pulse"]
    with patch.object(command, "put_back", begin_at_the_end):
        runpy.run_module("services.community", run_name="__main__")
