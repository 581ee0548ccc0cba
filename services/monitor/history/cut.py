"""What a cut in the public log means, offered to neighbours too: a publication number, a moment, or an edition."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.database import Connection
from shared.days import read_day, read_moment
from shared.refusals import Invalid, NotFound

from . import log

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)
_EDITION = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)


async def read_cut(connection: Connection, text: str) -> int:
    """The publication that a text names. Raises Invalid or NotFound."""
    if _NUMBER.fullmatch(text):
        return await existing(connection, int(text))
    if _EDITION.fullmatch(text):
        number = await log.of_edition(connection, text)
        if number is None:
            raise NotFound("unknown-edition", f"Er is geen editie {text}.")
        return number
    return await log.at_moment(connection, _moment(text))


async def existing(connection: Connection, number: int) -> int:
    """The number, when it was given out; 0 is before the first publication. Raises NotFound."""
    newest = await log.newest(connection)
    if number > newest:
        raise NotFound("unknown-publication", f"Er is nog geen publicatie {number}: de nieuwste is {newest}.")
    return number


async def moment_of(connection: Connection, publication: int) -> datetime | None:
    """When a publication was made; None before the first."""
    return await log.moment_of(connection, publication) if publication else None


def _moment(text: str) -> datetime:
    if (day := read_day(text)) is not None:
        return datetime(day.year, day.month, day.day, tzinfo=_AMSTERDAM)
    if (moment := read_moment(text)) is None:
        raise Invalid(
            "invalid-cut",
            "Hier hoort het nummer van een publicatie, het kenmerk van een editie, een datum zoals 2026-11-24 "
            f"(het begin van die dag) of een moment zoals 2026-11-24T09:00:00Z; er staat {text}.",
        )
    return moment
