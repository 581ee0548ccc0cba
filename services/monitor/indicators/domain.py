"""What an indicator is, and in which versions it was measured."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Measure, Theme
from shared.refusals import NotFound


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


def require_indicator(known: Container[str], code: str, detail: str | None = None) -> None:
    """Raise NotFound when an indicator is not among those that are known; `detail` says so in other words."""
    if code not in known:
        raise NotFound("unknown-indicator", detail or f"Er is geen indicator {code}.")
