"""Answers about indicators and their versions."""

from datetime import date

from shared.contracts.vocabulary import Measure, Theme
from shared.http.bodies import View


class IndicatorVersionView(View):
    """How an indicator is measured from a date on; the first version is its definition. `revision` is how often what is
    known of it was otherwise: the `version` of a correction."""

    version: int
    title: str
    change: str
    valid_from: date
    comparable: bool
    reason: str | None
    revision: int


class IndicatorView(View):
    """An indicator's definition, and its versions after the first."""

    code: str
    name_nl: str
    name_en: str
    theme: Theme
    resource_family: str
    unit: str
    direction: str
    measure: Measure
    owner: str
    version: int
    versions: list[IndicatorVersionView]
