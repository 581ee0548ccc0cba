"""Kinds of number, each with its ends."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from .written import Written

_MOST_CENTS = 100_000_000_000_00
#: Ids and positions that Postgres gives out.
_MOST_GIVEN = 2**62


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` up to and including `most`; `strict` in JSON, where a text or `2.0` is none."""

    kind: str
    least: int
    most: int
    strict: bool = True

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.int_schema(ge=self.least, le=self.most, strict=self.strict)

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "integer", "minimum": self.least, "maximum": self.most, "x-kind": self.kind}


#: Yes or no, in JSON.
Flag = Annotated[bool, Strict()]

#: How many there are.
Count = Annotated[int, Whole("count", 0, 10**9)]

#: How many people or things, at least one: of a group, or with a result.
CountFromOne = Annotated[int, Whole("count", 1, 10**7)]

#: How many people gave a score.
Score = Annotated[int, Whole("score", 0, 10_000)]

#: How many people of a group took part.
GroupSize = Annotated[int, Whole("count", 1, 10_000)]

#: Which row of a list in a document, or which version of a thing; from 1.
Ordinal = Annotated[int, Whole("ordinal", 1, 1_000_000)]

#: The same in an address.
VersionNumber = Annotated[int, Whole("ordinal", 1, 10_000, strict=False)]

#: The number of a publication; 0 is before the first.
PublicationNumber = Annotated[int, Whole("ordinal", 0, 10**15)]

#: Whole cents, at least one.
Cents = Annotated[int, Whole("amount", 1, _MOST_CENTS)]

#: Whole cents; nothing is an amount too.
CentsFromZero = Annotated[int, Whole("amount", 0, _MOST_CENTS)]

#: A figure in millionths of its unit.
Millionths = Annotated[int, Whole("amount", 0, 10**15)]

#: A whole percentage.
Percentage = Annotated[int, Whole("percentage", 0, 100)]

#: A figure in an address, with at most six decimals behind a point.
DecimalText = Annotated[
    str,
    Written(
        "amount",
        r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$",
        "een getal met hoogstens 9 cijfers voor de punt en 6 erachter, zoals 3.25",
        "0-9.-",
    ),
]

#: The number of a row that Postgres gave out, in an address.
RowNumber = Annotated[int, Whole("ordinal", 1, _MOST_GIVEN, strict=False)]

#: A position in a log, in an address.
Cursor = Annotated[int, Whole("cursor", 0, _MOST_GIVEN, strict=False)]

#: How many rows at a time.
Limit = Annotated[int, Whole("limit", 1, 200, strict=False)]

#: The same for short rows, or for those who fetch everything.
LongLimit = Annotated[int, Whole("limit", 1, 1000, strict=False)]
