"""Answers about the baseline."""

from shared.contracts.vocabulary import Theme
from shared.http.bodies import View


class BaselineFact(View):
    """A fact of the baseline, as its source states it."""

    id: str
    statement: str
    theme: Theme | None
    areas: list[str]
    low_percent: int | None
    high_percent: int | None
    count: int | None
    period: str
    source: str
    paragraph: str
    version: int
