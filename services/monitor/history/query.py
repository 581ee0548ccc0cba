"""How places in the log, cuts and periods are written in an address, offered to neighbours too."""

import re
from typing import Annotated

from fastapi import Query

from shared.refusals import Invalid

from .domain import LogPlace

CutText = Annotated[
    str | None,
    Query(
        max_length=64,
        description="a publication number, an edition's id, a day (its beginning) or a moment with its zone",
    ),
]


PeriodText = Annotated[str | None, Query(pattern=r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]


AfterMove = Annotated[str | None, Query(max_length=200, description="the `next` of the page before")]


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
