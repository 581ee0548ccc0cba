"""Answers about areas and their changes."""

from datetime import date

from shared.contracts.vocabulary import AreaLevel
from shared.http.bodies import View


class AreaView(View):
    """An area; `validUntil` is the first day it no longer existed."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None
    valid_from: date
    valid_until: date | None


class AreaChangeView(View):
    """A line of the dated crosswalk."""

    id: str
    changed_on: date
    kind: str
    predecessors: list[str]
    successors: list[str]
