"""Whatever stands in a cell, a file is accepted or refused: it never fails, and every row that is refused is told."""

import random
from collections.abc import Mapping
from pathlib import Path

from services.monitor.observations import store
from services.monitor.observations.file.layout import COLUMNS
from shared.database import Connection

from .test_handlers import errors, folded, live
from .world import eenzaam, offer, regie, vertrouwen, vrijwilligers, write

#: Files of two hundred rows.
ROUNDS = 3
_PARTS = [
    *(
        "0",
        "1",
        "412",
        "3,25",
        "3.25",
        "999999999999",
        "1000000000000",
        "1e5",
        "-1",
        "+1",
        "=1",
        "@",
        "|",
        "<",
        ">",
        "%",
    ),
    *("\x00", "\x01", "\x1a", "\t", "\n", "\r", "\x1f", "\x7f", "\x85", "\xa0", "\u00ad", "\u200b", "\u202e", "\u202f"),
    *(
        "\u2028",
        "\ufeff",
        "\ufffd",
        "\\",
        "\\N",
        "\\.",
        "'",
        "{",
        "}",
        "é",
        "e\u0301",
        "Ã©",
        "٤",
        "²",
        "１",
        "😀",
        "NaN",
        "inf",
    ),
    *("2024", "2024-Q1", "2024-13", "0000", "mrt-24", "GM0794", "gm0794", "enquête", "regie", "online", " ", ""),
]


def quoted(text: str) -> str:
    """A field that may have anything."""
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def some_cells_changed(row: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    """A row with something in one to three of its cells, beside or in place of what was there."""
    changed = dict(row)
    for name in chance.sample(COLUMNS, chance.randint(1, 3)):
        kept = chance.choice(["", row.get(name, "")])
        pieces = [kept, *chance.choices(_PARTS, k=chance.randint(1, 3))]
        chance.shuffle(pieces)
        changed[name] = "".join(pieces)
    return changed


async def test_no_cell_makes_a_file_fail(monitor: Connection, tmp_path: Path) -> None:
    chance = random.Random(14)
    for _ in range(ROUNDS):
        made = [
            some_cells_changed(chance.choice([regie, eenzaam, vrijwilligers, vertrouwen])(), chance) for _ in range(200)
        ]
        lines = [";".join(COLUMNS), *(";".join(quoted(row.get(name, "")) for name in COLUMNS) for row in made)]
        file = write(tmp_path / "rijen.csv", "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n")
        upload, counts = await offer(monitor, file, good_rows=True)
        row = await store.upload(monitor, upload)
        assert row is not None
        assert row["state"] in {"accepted", "refused"}
        told = await monitor.fetch("SELECT DISTINCT line FROM observation_error WHERE upload = $1", upload)
        assert len(told) == counts.refused > 100
    assert all(each["reason"] for each in await errors(monitor))
    assert await live(monitor) == await folded(monitor)
