"""What the pages of the monitor may be asked in Dutch words, each of a kind."""

from functools import partial
from typing import Annotated

from pydantic import BeforeValidator

from shared.contracts.vocabulary import SourceKind, Theme
from shared.http.fields import Period, Year

from ..figure.periods import PeriodKind
from . import words

DivisionAsked = Annotated[Year | None, BeforeValidator(words.read_division)]
SourceAsked = Annotated[SourceKind | None, BeforeValidator(words.read_source)]
ThemeAsked = Annotated[Theme | None, BeforeValidator(words.read_theme)]
KindAsked = Annotated[PeriodKind | None, BeforeValidator(words.read_kind)]
MonthAsked = Annotated[Period | None, BeforeValidator(words.read_month)]
PeriodAsked = Annotated[Period | None, BeforeValidator(words.read_period)]
SinceAsked = Annotated[Period | None, BeforeValidator(partial(words.read_period, name="sinds"))]
