"""Named SQL: a file of queries, each under a name."""

import re
from pathlib import Path
from types import SimpleNamespace


class Queries(SimpleNamespace):
    """Named SQL: each `-- name: x` block of a file as attribute `x`."""

    def __getattr__(self, name: str) -> str:
        raise AttributeError(f"no query named {name}")


def queries(path: Path) -> Queries:
    """Read a file of named queries. Text before the first name is a comment."""
    parts = re.split(r"^-- name: (\w+)\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    names = parts[1::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: a query name is used twice")
    return Queries(**dict(zip(names, (body.strip() for body in parts[2::2]), strict=True)))
