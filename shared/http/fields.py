"""The kinds of text and day that come in over HTTP, each bounded: bodies and queries are made of these."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints
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
