"""Dutch for what pages show."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contracts.vocabulary import AreaLevel, Measure, SourceKind
from shared.web import dutch

from ..areas.geography import Geography
from ..figure.estimate import Estimate, format_value
from ..figure.periods import PeriodKind, kind_of, year_of

SOURCES = {
    SourceKind.DIALOGUE: "Dialogen",
    SourceKind.SURVEY: "Enquête",
    SourceKind.GGD: "GGD",
    SourceKind.OPEN_DATA: "Open data",
}
#: As they stand in an address and in a file of observations.
SOURCE_WORDS = {
    SourceKind.DIALOGUE: "dialoog",
    SourceKind.SURVEY: "enquete",
    SourceKind.GGD: "ggd",
    SourceKind.OPEN_DATA: "open-data",
}
PERIODS = {PeriodKind.YEAR: "jaar", PeriodKind.QUARTER: "kwartaal", PeriodKind.MONTH: "maand"}
MEASURES = {
    Measure.MEAN: "gemiddelde",
    Measure.RATIO: "percentage",
    Measure.COUNT: "aantal",
    Measure.DISTRIBUTION: "verdeling",
}
LEVELS = {
    AreaLevel.NEIGHBOURHOOD: "Wijk of buurt",
    AreaLevel.MUNICIPALITY: "Gemeente",
    AreaLevel.REGION: "Regio",
    AreaLevel.PROVINCE: "Provincie",
}
FAMILIES = {"personal": "persoonlijk", "social": "sociaal", "environment": "omgeving"}
OWNERS = {"provincie-noord-brabant": "provincie Noord-Brabant"}
UNITS = {"score-1-5": "score van 1 (laag) tot 5 (hoog)"}
DIRECTIONS = {"higher-is-better": "hoger is beter", "lower-is-better": "lager is beter"}
_SHORT_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def measured(measure: str, unit: str) -> str:
    """What a figure is: `gemiddelde score van 1 (laag) tot 5 (hoog)`, `percentage` or `aantal gemeenten`."""
    name = MEASURES[Measure(measure)]
    if unit in ("percent", "count", name):
        return name
    told = UNITS.get(unit, dutch.words(unit))
    return f"{name} {told}" if measure == Measure.COUNT or unit in UNITS else f"{name}: {told}"


def owner(organisation: str) -> str:
    """Who answers for an indicator."""
    return OWNERS.get(organisation, dutch.words(organisation))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")


def period_label(period: str) -> str:
    """As short as fits under a chart: `2019`, `K1 2019` or `mrt 2019`."""
    match kind_of(period):
        case PeriodKind.YEAR:
            return period
        case PeriodKind.QUARTER:
            return f"K{period[-1]} {period[:4]}"
        case PeriodKind.MONTH:
            return f"{_SHORT_MONTHS[int(period[5:]) - 1]} {period[:4]}"


def period_name(period: str) -> str:
    """`2019`, `1e kwartaal 2019` or `maart 2019`."""
    match kind_of(period):
        case PeriodKind.YEAR:
            return period
        case PeriodKind.QUARTER:
            return f"{period[-1]}e kwartaal {year_of(period)}"
        case PeriodKind.MONTH:
            return dutch.month(period)


@dataclass(frozen=True, slots=True)
class PeriodGroup:
    """The periods of a year to choose from, the year itself first."""

    year: str
    periods: tuple[str, ...]


def grouped(periods: Iterable[str]) -> list[PeriodGroup]:
    """Periods by year, the newest first."""
    years: dict[str, list[str]] = {}
    for period in sorted(periods, key=lambda text: (-year_of(text), len(text), "Q" not in text, text)):
        years.setdefault(period[:4], []).append(period)
    return [PeriodGroup(year, tuple(found)) for year, found in years.items()]


def areas_to_choose(geography: Geography, chosen: str | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Areas by level, the widest first; neighbourhoods are too many, but for the one that is asked for."""
    found = []
    for level in reversed(AreaLevel):
        areas = [
            (area.code, area.name + (f" (tot {area.valid_until.year})" if area.valid_until else ""))
            for area in geography.areas.values()
            if area.level is level and (level is not AreaLevel.NEIGHBOURHOOD or area.code == chosen)
        ]
        if areas:
            found.append((LEVELS[level], sorted(areas, key=lambda one: by_name(one[1]))))
    return found


def value(measure: Measure, shown: Estimate, places: int = 1) -> str:
    """`3,5`, `41,2%` or `1.234`; `lager dan 1,2` when only a bound is known."""
    text = format_value(measure, shown.value, places)
    return f"{shown.bound.dutch} {text}" if shown.bound else text


def number(measure: Measure, value: float, *, signed: bool = False) -> str:
    """A value that was rounded before: a mean with two decimals, a share as percentage; `signed` for a difference."""
    match measure:
        case Measure.RATIO:
            text = f"{dutch.decimal(abs(100 * value))}{' procentpunt' if signed else '%'}"
        case Measure.COUNT:
            text = dutch.whole(abs(value))
        case _:
            text = dutch.decimal(abs(value), 2)
    return f"{'−' if value < 0 else '+' if signed else ''}{text}"


def by_name(name: str) -> tuple[object, ...]:
    """What a name is sorted by."""
    return dutch.by_name(name)


def listed(words: Iterable[str], joined: str = "of") -> str:
    """`a, b of c`."""
    *most, last = words
    return f"{', '.join(most)} {joined} {last}" if most else last
