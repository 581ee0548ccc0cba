"""Files that a killed process was receiving do not stay."""

import os
import tempfile
from pathlib import Path

import pytest

from services.monitor.observations.uploads import PREFIX, sweep


def test_only_what_was_left_a_day_ago_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, fresh, other = (tmp_path / name for name in (f"{PREFIX}left", f"{PREFIX}fresh", "other"))
    for path, age in ((left, 86_500), (fresh, 86_300), (other, 1_000_000)):
        path.write_bytes(b"x")
        os.utime(path, (2_000_000 - age, 2_000_000 - age))
    sweep(2_000_000)
    assert sorted(tmp_path.iterdir()) == sorted([fresh, other])
