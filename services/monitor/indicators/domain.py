"""What an indicator is, and in which versions it was measured."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import AggregateKind, Measure, Theme
from shared.refusals import NotFound

from ..figure.quantity import Quantity, quantity_of

_THEMES = frozenset(theme.value for theme in Theme)


@dataclass(frozen=True, slots=True)
class IndicatorVersion:
    """How an indicator is measured from a date on."""

    version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator is called, belongs to and adds up as."""

    code: str
    name: str
    theme: Theme
    measure: Measure
    unit: str
    direction: str
    versions: tuple[IndicatorVersion, ...] = ()

    @property
    def quantity(self) -> Quantity:
        """Its measure, and the range of its unit."""
        return quantity_of(self.measure, self.unit)


def require_indicator(known: Container[str], code: str, detail: str | None = None) -> None:
    """Raise NotFound when an indicator is not among those that are known; `detail` says so in other words."""
    if code not in known:
        raise NotFound("unknown-indicator", detail or f"Er is geen indicator {code}.")


def require_code(known: Container[str], code: str, kind: AggregateKind | None) -> None:
    """The same for a code that may be a theme's, unless `kind` says that it is an indicator's."""
    if kind is AggregateKind.THEME and code not in _THEMES:
        raise NotFound("unknown-theme", f"Er is geen thema {code}.")
    if kind is AggregateKind.INDICATOR or code not in _THEMES:
        require_indicator(known, code)
