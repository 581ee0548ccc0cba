"""Kinds of time: a day, a moment, a year, a period. Facts lie from 1900 up to and including 2199."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from ...days import FIRST_DAY, FIRST_YEAR, LAST_DAY, LAST_YEAR, is_written_as_day, read_moment
from .numbers import Whole
from .written import Written

_YEARS = "(19|2[01])[0-9]{2}"


@dataclass(frozen=True, slots=True)
class DayBetween:
    """A calendar day as text, `2026-11-24`, from `first` up to and including `last`."""

    first: date = FIRST_DAY
    last: date = LAST_DAY

    def read(self, value: object) -> date:
        """The day that a text is."""
        # Pydantic would take 0 for 1 January 1970.
        if not (isinstance(value, str) and is_written_as_day(value)):
            raise PydanticKnownError("date_type")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError(
                "no_such_day", "de dag {day} bestaat niet: hier hoort een datum zoals 2026-11-24", {"day": value}
            ) from None
        if not self.first <= day <= self.last:
            raise PydanticCustomError(
                "day_out_of_range",
                "hier hoort een datum van {first} tot en met {last}; er staat {day}",
                {"first": str(self.first), "last": str(self.last), "day": value},
            )
        return day

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": "date",
            "description": f"from {self.first} up to and including {self.last}",
            "x-kind": "day",
        }


class MomentBetween:
    """A moment with its zone, `2026-11-24T09:00:00Z`, in the years of facts."""

    def read(self, value: object) -> datetime:
        """The moment that a text is."""
        if isinstance(value, str) and (moment := read_moment(value)) is not None:
            return moment
        raise PydanticCustomError(
            "moment",
            "hier hoort een moment met zijn zone, zoals 2026-11-24T09:00:00Z, van {first} tot en met {last}",
            {"first": FIRST_YEAR, "last": LAST_YEAR},
        )

    def __get_pydantic_core_schema__(self, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": "date-time",
            "description": f"in {FIRST_YEAR} up to and including {LAST_YEAR}",
            "x-kind": "moment",
        }


#: The day of a fact.
Day = Annotated[date, DayBetween()]

#: The day of something the programme does or promises: no older than the ideas it was made from.
ProgrammeDay = Annotated[date, DayBetween(date(2000, 1, 1), date(2099, 12, 31))]

#: A moment.
Moment = Annotated[datetime, MomentBetween()]

#: A calendar year.
Year = Annotated[int, Whole("year", FIRST_YEAR, LAST_YEAR, strict=False)]

#: A month, quarter or year.
Period = Annotated[
    str,
    Written(
        "period",
        rf"^{_YEARS}(-(0[1-9]|1[0-2]|Q[1-4]))?$",
        f"een maand (2019-03), een kwartaal (2019-Q1) of een jaar (2019), van {FIRST_YEAR} tot en met {LAST_YEAR}",
        "0-9Q-",
    ),
]
