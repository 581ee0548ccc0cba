"""What the events of the monitor's registers, beside areas, mean, whom they concern and how they are told."""

from ..registers import (
    BaselineCorrected,
    BaselineWithdrawn,
    IndicatorChanged,
    IndicatorCorrected,
    IndicatorVersionCorrected,
    IndicatorVersionWithdrawn,
    IndicatorWithdrawn,
    LearningKeyCorrected,
    LearningKeyWithdrawn,
    MethodCorrected,
    MethodWithdrawn,
)
from .entry import NOT_NEWS, Concerns, Entry, Names, News, No

_REGISTER = No("It only concerns who keeps the registers.")


def _indicator_concerns(event: IndicatorCorrected | IndicatorChanged | IndicatorWithdrawn) -> Concerns:
    return Concerns(themes=(event.theme,), organisations=(event.owner,))


def _indicator_name(event: IndicatorCorrected | IndicatorChanged | IndicatorWithdrawn) -> str:
    return event.name_nl


def _everyone(
    _: IndicatorVersionCorrected
    | IndicatorVersionWithdrawn
    | MethodCorrected
    | MethodWithdrawn
    | LearningKeyCorrected
    | LearningKeyWithdrawn,
) -> Concerns:
    """Whoever reads the monitor."""
    return Concerns()


def _baseline_concerns(event: BaselineCorrected | BaselineWithdrawn) -> Concerns:
    return Concerns(other_areas=event.areas, themes=(event.theme,) if event.theme else ())


def _baseline_corrected(event: BaselineCorrected, _: Names) -> str:
    return f"Verbeterd ({event.reason.dutch}): {event.statement}"


def _baseline_withdrawn(event: BaselineWithdrawn, _: Names) -> str:
    return f"Ingetrokken ({event.reason.dutch}): {event.statement}"


def _monitor(_: BaselineCorrected | BaselineWithdrawn) -> str:
    return "/monitor"


INDICATOR_CORRECTED = Entry(
    IndicatorCorrected,
    meaning="Wat van een indicator bekend was, klopte niet.",
    concerns=_indicator_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_indicator_name,
)

INDICATOR_CHANGED = Entry(
    IndicatorChanged,
    meaning="Een indicator heet vanaf een dag anders, of iemand anders is er verantwoordelijk voor.",
    concerns=_indicator_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_indicator_name,
)

INDICATOR_WITHDRAWN = Entry(
    IndicatorWithdrawn,
    meaning="Een indicator is er niet meer: er is niets mee gemeten.",
    concerns=_indicator_concerns,
    news=_REGISTER,
    trigger=NOT_NEWS,
    name=_indicator_name,
)

INDICATOR_VERSION_CORRECTED = Entry(
    IndicatorVersionCorrected,
    meaning="Wat van een versie van een indicator bekend was, klopte niet.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

INDICATOR_VERSION_WITHDRAWN = Entry(
    IndicatorVersionWithdrawn,
    meaning="De nieuwste versie van een indicator vervalt: er wordt gemeten als ervoor.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

METHOD_CORRECTED = Entry(
    MethodCorrected,
    meaning="De naam van een manier van meten klopte niet.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

METHOD_WITHDRAWN = Entry(
    MethodWithdrawn,
    meaning="Een manier van meten is er niet meer: er is niets mee gemeten.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

LEARNING_KEY_CORRECTED = Entry(
    LearningKeyCorrected,
    meaning="Een versie van de leersleutel klopte niet: de dialogen zijn opnieuw geteld.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

LEARNING_KEY_WITHDRAWN = Entry(
    LearningKeyWithdrawn,
    meaning="De nieuwste versie van de leersleutel vervalt: de dialogen zijn opnieuw geteld met die ervoor.",
    concerns=_everyone,
    news=_REGISTER,
    trigger=NOT_NEWS,
)

BASELINE_CORRECTED = Entry(
    BaselineCorrected,
    meaning="Een feit uit de nulmeting stond er niet zoals in de bron.",
    concerns=_baseline_concerns,
    news=News("Nulmeting", _baseline_corrected, _monitor),
    trigger=No("The baseline was known before the programme began."),
)

BASELINE_WITHDRAWN = Entry(
    BaselineWithdrawn,
    meaning="Een feit uit de nulmeting vervalt: het staat niet in de bron.",
    concerns=_baseline_concerns,
    news=News("Nulmeting", _baseline_withdrawn, _monitor),
    trigger=No("The baseline was known before the programme began."),
)
