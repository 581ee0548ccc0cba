"""Answers about quality findings."""

from datetime import datetime

from shared.contracts.vocabulary import QualityFindingKind
from shared.http.bodies import View


class QualityFindingView(View):
    """What a reader must know of the data."""

    id: str
    kind: QualityFindingKind
    explanation: str
    indicator: str | None
    area: str | None
    period: str | None
    told_at: datetime


class QualityFindings(View):
    """A page of findings; `next` is the cursor for the following page, null on the last."""

    items: list[QualityFindingView]
    next: str | None
