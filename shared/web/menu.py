"""The menu, and the links in the footer: capabilities offer them, menu.toml keeps them, as an image has one service."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

PATH = Path(__file__).with_name("menu.toml")


class MenuEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link on every page: in the menu, or in the footer. The lowest `order` comes first."""

    href: str
    label: str
    order: int
    in_footer: bool = False


def render(entries: Iterable[MenuEntry]) -> str:
    """The data file with these entries."""
    lines = ["# Made by `make docs` from what every service offers as MENU in its app.py."]
    for entry in sorted(entries, key=lambda entry: (entry.in_footer, entry.order)):
        lines += ["", "[[entry]]"]
        # A value of these kinds is written the same in TOML and JSON.
        lines += [
            f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in msgspec.structs.asdict(entry).items()
        ]
    return "\n".join(lines) + "\n"


def read() -> tuple[MenuEntry, ...]:
    """The entries of the data file, in their order."""
    return msgspec.convert(tomllib.loads(PATH.read_text(encoding="utf-8"))["entry"], tuple[MenuEntry, ...])
