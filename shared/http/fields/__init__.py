"""The kinds of input over HTTP, each bounded and each said once: bodies, paths, queries and headers are made of these.

A kind stands in the OpenAPI document as `x-kind`; `tests/architecture/test_kinds.py` finds every input that has none.
"""

from .days import Day, DayBetween, Moment, Period, ProgrammeDay, Year
from .lists import BySlug, Distinct, Repeatable
from .numbers import (
    Cents,
    CentsFromZero,
    Count,
    CountFromOne,
    Cursor,
    DecimalText,
    GroupSize,
    Limit,
    LongLimit,
    Millionths,
    Ordinal,
    Percentage,
    PublicationNumber,
    RowNumber,
    Score,
    VersionNumber,
    Whole,
)
from .texts import AreaCode, Code, CursorText, EditionId, FileName, Id, Key, OneLine, Position, Text, Token, TypeName
from .written import NOT_AS_WRITTEN, Cleaned, Written, said_of

__all__ = [
    "NOT_AS_WRITTEN",
    "AreaCode",
    "BySlug",
    "Cents",
    "CentsFromZero",
    "Cleaned",
    "Code",
    "Count",
    "CountFromOne",
    "Cursor",
    "CursorText",
    "Day",
    "DayBetween",
    "DecimalText",
    "Distinct",
    "EditionId",
    "FileName",
    "GroupSize",
    "Id",
    "Key",
    "Limit",
    "LongLimit",
    "Millionths",
    "Moment",
    "OneLine",
    "Ordinal",
    "Percentage",
    "Period",
    "Position",
    "ProgrammeDay",
    "PublicationNumber",
    "Repeatable",
    "RowNumber",
    "Score",
    "Text",
    "Token",
    "TypeName",
    "VersionNumber",
    "Whole",
    "Written",
    "Year",
    "said_of",
]
