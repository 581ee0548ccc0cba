"""How places in the log, cuts and periods are written in an address, offered to neighbours too."""

import re
from typing import Annotated

from pydantic import Field

from shared.http.fields import CursorText, Written
from shared.refusals import Invalid

from .domain import LogPlace

#: A moment in the log.
CutText = Annotated[
    str,
    Written(
        "cut",
        r"^[0-9A-Za-z:.+-]{1,64}$",
        "het nummer van een publicatie, het kenmerk van een editie, een datum zoals 2026-11-24 of een moment zoals "
        "2026-11-24T09:00:00Z",
        "0-9A-Za-z:.+-",
    ),
    Field(description="a publication number, an edition's id, a day (its beginning) or a moment with its zone"),
]


AfterMove = Annotated[CursorText, Field(description="the `next` of the page before")]


_PLACE = re.compile(r"(\d{1,18})\.([\x21-\x7e]*)\.(\d{1,18})", re.ASCII)


def write_place(place: LogPlace) -> str:
    """A place as a cursor."""
    return f"{place.publication}.{place.origin}.{place.entry}"


def read_place(cursor: str | None, since: int, until: int) -> LogPlace | None:
    """The place that a cursor names, between two publications. Raises Invalid when it is not one of ours."""
    if cursor is None:
        return None
    found = _PLACE.fullmatch(cursor)
    if found is None or not since < int(found[1]) <= until:
        raise invalid_cursor()
    return LogPlace(int(found[1]), found[2], int(found[3]))


def invalid_cursor() -> Invalid:
    """The cursor is not one of this list."""
    return Invalid("invalid-cursor", "after is geen cursor van deze lijst: neem de waarde van next over.")
