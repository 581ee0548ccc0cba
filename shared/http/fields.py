"""The kinds of text, day and amount that come in over HTTP, each bounded: bodies and queries are made of these."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticKnownError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_day(value: object) -> object:
    # Pydantic would take 0 for 1 January 1970.
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise PydanticKnownError("date_type")


#: A slug or a lowercase UUID.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


#: A code of Statistics Netherlands such as GM0794, or a slug.
AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$")]


#: One line of text without control characters.
OneLine = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


#: Text with line breaks, without other control characters.
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]


#: A calendar day as text, `2026-11-24`.
Day = Annotated[date, BeforeValidator(_written_as_day)]

_MOST_CENTS = 100_000_000_000_00

#: Whole cents, at least one.
Cents = Annotated[int, Field(strict=True, ge=1, le=_MOST_CENTS)]


#: Whole cents; nothing is an amount too.
CentsFromZero = Annotated[int, Field(strict=True, ge=0, le=_MOST_CENTS)]
