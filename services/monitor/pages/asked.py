"""What the pages of the monitor may be asked in Dutch words, each of a kind.

A choice that cannot be read or is not there is left out, and the page says so: an old link still leads somewhere.
"""

from collections.abc import Container, Mapping
from typing import Annotated, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from shared.contracts.vocabulary import SourceKind, Theme
from shared.http.fields import Period, Year
from shared.web import notices

from ..areas.domain import Area
from ..areas.geography import Geography, NotRecalculable
from ..figure.periods import PeriodKind, is_period, kind_of
from . import words

_NOT_THERE = "die is er niet"
Choice = TypeVar("Choice")


def _one_of(known: Mapping[str, Choice]) -> BeforeValidator:
    def read(text: str) -> Choice:
        if text not in known:
            raise _expected(f"kies {words.listed(known)}")
        return known[text]

    return BeforeValidator(read)


def _period(text: str) -> str:
    if not is_period(text):
        raise _expected("hier hoort een jaar (2019), een kwartaal (2019-Q1) of een maand (2019-03)")
    return text


def _month(text: str) -> str:
    if not is_period(text) or kind_of(text) is not PeriodKind.MONTH:
        raise _expected("hier hoort een maand (2019-03)")
    return text


def _expected(dutch: str) -> PydanticCustomError:
    return PydanticCustomError("unknown_choice", "{dutch}", {"dutch": dutch})


DivisionAsked = Year | None
SourceAsked = Annotated[SourceKind, _one_of({word: source for source, word in words.SOURCE_WORDS.items()})] | None
ThemeAsked = Annotated[Theme, _one_of({theme.value: theme for theme in Theme})] | None
KindAsked = Annotated[PeriodKind, _one_of({word: kind for kind, word in words.PERIODS.items()})] | None
MonthAsked = Annotated[Period, BeforeValidator(_month)] | None
PeriodAsked = Annotated[Period, BeforeValidator(_period)] | None


def if_there(name: str, code: str | None, known: Container[str]) -> str | None:
    """The code when it is among those that are known; else it is left out, and told."""
    if code and code not in known:
        notices.left_out(name, code, _NOT_THERE)
        return None
    return code or None


def division_of(year: int | None, geography: Geography, years: range, area: Area | None = None) -> int | None:
    """The year when there is a division of it, and this area was in it; else it is left out, and told."""
    if year is None:
        return None
    if year not in years:
        expected = f"een jaar van {years[0]} tot en met {years[-1]}" if years else "niets: er zijn nog geen gemeenten"
        notices.left_out("indeling", str(year), f"hier hoort {expected}")
        return None
    if area is not None and not geography.in_division(area.code, year):
        refused = geography.parts(area.code, year, str(year))
        reason = refused.reason if isinstance(refused, NotRecalculable) else f"{area.name} bestond toen niet"
        notices.left_out("indeling", str(year), reason)
        return None
    return year
