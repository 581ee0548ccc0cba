"""What the events of the monitor mean, whom they concern and how they are told."""

import re

from ...web.dutch import decimal, enumeration, month, words
from ..monitor import (
    AggregateMoved,
    AreaChangeCorrected,
    AreaChanged,
    AreaChangeWithdrawn,
    AreaCorrected,
    AreaRegistered,
    AreasReorganised,
    AreaWithdrawn,
    BaselineRecorded,
    EditionPublished,
    GoalJudged,
    IndicatorRegistered,
    IndicatorVersionPublished,
    LearningKeyPublished,
    MethodRegistered,
    ObservationsImported,
    QualityFindingPublished,
)
from ..vocabulary import AreaLevel, SourceKind, TriggerReason, Verdict
from .entry import NOT_NEWS, Concerns, Entry, Names, News, No

_REGISTER = No("It only concerns who keeps the registers.")

_VERDICTS = {
    Verdict.REACHED: "Doel gehaald",
    Verdict.MISSED: "Doel niet gehaald",
    Verdict.UNDER_WAY: "Doel weer open",
    Verdict.UNKNOWN: "Niet meer bekend of het doel is gehaald",
}
_SOURCES = {
    SourceKind.DIALOGUE: "dialogen",
    SourceKind.SURVEY: "enquêtes",
    SourceKind.GGD: "de GGD",
    SourceKind.OPEN_DATA: "open data",
}
#: A quarter or a year.
_LONGER = re.compile(r"\d{4}(-Q[1-4])?", re.ASCII)


_AnyArea = AreaRegistered | AreaCorrected | AreaChanged | AreaWithdrawn
_AnyAreaChange = AreasReorganised | AreaChangeCorrected | AreaChangeWithdrawn


def _area_concerns(event: _AnyArea) -> Concerns:
    return _place(event.code, is_municipality=event.level is AreaLevel.MUNICIPALITY)


def _place(area: str, *, is_municipality: bool) -> Concerns:
    return Concerns(municipalities=(area,)) if is_municipality else Concerns(other_areas=(area,))


def _area_name(event: _AnyArea) -> str:
    return event.name


def _reorganised_concerns(event: _AnyAreaChange) -> Concerns:
    return Concerns(municipalities=event.predecessors + event.successors)


AREA_REGISTERED = Entry(
    AreaRegistered,
    meaning="Een gemeente, regio of de provincie is bekend, met haar geldigheid.",
    concerns=_area_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_area_name,
)

AREAS_REORGANISED = Entry(
    AreasReorganised,
    meaning="Gemeenten zijn samengevoegd of opgedeeld.",
    concerns=_reorganised_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
)


AREA_CORRECTED = Entry(
    AreaCorrected,
    meaning="Wat van een gemeente, regio of de provincie bekend was, klopte niet.",
    concerns=_area_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_area_name,
)

AREA_CHANGED = Entry(
    AreaChanged,
    meaning="Een gebied heet vanaf een dag anders, ligt vanaf 1 januari in een ander gebied, of eindigt.",
    concerns=_area_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_area_name,
)

AREA_WITHDRAWN = Entry(
    AreaWithdrawn,
    meaning="Een gebied is er nooit geweest; niets noemt het.",
    concerns=_area_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_area_name,
)

AREA_CHANGE_CORRECTED = Entry(
    AreaChangeCorrected,
    meaning="Wat van een samenvoeging of splitsing bekend was, klopte niet.",
    concerns=_reorganised_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

AREA_CHANGE_WITHDRAWN = Entry(
    AreaChangeWithdrawn,
    meaning="Een samenvoeging of splitsing is er nooit geweest.",
    concerns=_reorganised_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
)


def _indicator_concerns(event: IndicatorRegistered) -> Concerns:
    return Concerns(themes=(event.theme,), organisations=(event.owner,))


def _indicator_name(event: IndicatorRegistered) -> str:
    return event.name_nl


def _everyone(
    _: IndicatorVersionPublished | MethodRegistered | LearningKeyPublished | ObservationsImported | EditionPublished,
) -> Concerns:
    """Whoever reads the monitor."""
    return Concerns()


INDICATOR_REGISTERED = Entry(
    IndicatorRegistered,
    meaning="Een indicator heeft een definitie.",
    concerns=_indicator_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_indicator_name,
)

INDICATOR_VERSION_PUBLISHED = Entry(
    IndicatorVersionPublished,
    meaning="Een indicator wordt vanaf een dag anders gemeten.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

METHOD_REGISTERED = Entry(
    MethodRegistered,
    meaning="Een manier van meten heeft een code, die waarnemingen noemen.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

LEARNING_KEY_PUBLISHED = Entry(
    LearningKeyPublished,
    meaning="De leersleutel: welk onderwerp telt voor welke indicator.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)


def _baseline_concerns(event: BaselineRecorded) -> Concerns:
    return Concerns(other_areas=event.areas, themes=(event.theme,) if event.theme else ())


def _statement(event: BaselineRecorded, _: Names) -> str:
    return event.statement


def _monitor(_: BaselineRecorded) -> str:
    return "/monitor"


BASELINE_RECORDED = Entry(
    BaselineRecorded,
    meaning="Een feit uit de nulmeting van 2016 is vastgelegd.",
    concerns=_baseline_concerns,
    news=News("Nulmeting", _statement, _monitor),
    trigger=No("The baseline was known before the programme began."),
)


def _moved_concerns(event: AggregateMoved) -> Concerns:
    if event.level is AreaLevel.MUNICIPALITY:
        return Concerns(municipalities=(event.area,), themes=(event.theme,))
    return Concerns(other_areas=(event.area,), themes=(event.theme,))


def _is_monthly_dialogue_figure(event: AggregateMoved) -> bool:
    """A dialogue moves its quarter and year too, and an import of a survey moves thousands at once."""
    longer = _LONGER.fullmatch(event.period) is not None
    above = event.level is not AreaLevel.NEIGHBOURHOOD
    return not event.suppressed and not longer and event.source is SourceKind.DIALOGUE and above


def _moved(event: AggregateMoved, names: Names) -> str:
    """A theme is called by its code, as is an indicator whose name has not arrived."""
    name = names.of("indicator", event.code, otherwise=words(event.code).capitalize())
    where = f"{name} in {names.of('area', event.area)}"
    was = "" if event.previous_mean is None else f", was {decimal(event.previous_mean)}"
    if event.mean is None:
        return f"{where} heeft in {month(event.period)} geen cijfer meer{was}"
    return f"{where} staat in {month(event.period)} op {decimal(event.mean)} (n = {event.n}){was}"


def _area_page(event: AggregateMoved) -> str:
    return f"/monitor/gebieden/{event.area}"


AGGREGATE_MOVED = Entry(
    AggregateMoved,
    meaning="Een gepubliceerd cijfer van de monitor is veranderd.",
    concerns=_moved_concerns,
    news=News("Cijfer", _moved, _area_page, when=_is_monthly_dialogue_figure),
    trigger=TriggerReason.INDICATOR_MOVED,
)


def _imported(event: ObservationsImported, _: Names) -> str:
    return f"Waarnemingen ingelezen uit {enumeration(_SOURCES[source] for source in event.sources)}"


def _observations(_: ObservationsImported) -> str:
    return "/monitor/waarnemingen"


OBSERVATIONS_IMPORTED = Entry(
    ObservationsImported,
    meaning="Een bestand met waarnemingen is overgenomen.",
    concerns=_everyone,
    news=News("Cijfers", _imported, _observations),
    trigger=No("The newsletter tells of the edition that is made of it."),
)


def _edition_published(event: EditionPublished, _: Names) -> str:
    return f"Editie van de monitor: {event.title}"


def _edition_page(event: EditionPublished) -> str:
    return f"/monitor/edities/{event.edition}"


EDITION_PUBLISHED = Entry(
    EditionPublished,
    meaning="Een editie van de monitor is uitgebracht: alle openbare cijfers, bevroren.",
    concerns=_everyone,
    news=News("Editie", _edition_published, _edition_page),
    trigger=TriggerReason.EDITION_PUBLISHED,
)


def _goal_concerns(event: GoalJudged) -> Concerns:
    """The event does not say of which level its area is; Statistics Netherlands' codes do."""
    return _place(event.area, is_municipality=event.area.startswith("GM")) if event.area else Concerns()


def _goal_judged(event: GoalJudged, _: Names) -> str:
    return f"{_VERDICTS[event.verdict]}: {event.title}"


def _impact(_: GoalJudged) -> str:
    return "/monitor/impact"


GOAL_JUDGED = Entry(
    GoalJudged,
    meaning="Een doel is gehaald, gemist of onderweg, of dat is niet meer bekend.",
    concerns=_goal_concerns,
    news=News("Doel", _goal_judged, _impact),
    trigger=TriggerReason.GOAL_JUDGED,
)


def _quality_concerns(event: QualityFindingPublished) -> Concerns:
    return Concerns(other_areas=(event.area,) if event.area else ())


QUALITY_FINDING_PUBLISHED = Entry(
    QualityFindingPublished,
    meaning="Iets over de gegevens dat een lezer moet weten.",
    concerns=_quality_concerns,
    news=No("It is read beside the figures that it is about."),
    trigger=NOT_NEWS,
)
