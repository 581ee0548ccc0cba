"""Request bodies of the facts of the baseline, and the events they ask for."""

from shared.contracts.monitor import (
    BaselineRecorded,
)
from shared.contracts.vocabulary import Theme
from shared.http.bodies import Body, RevisionBody
from shared.http.fields import Count, Id, OneLine, Percentage, Text

from ..areas.bodies import AreaCodes


class _State(Body):
    statement: Text
    theme: Theme | None = None
    areas: AreaCodes
    low_percent: Percentage | None = None
    high_percent: Percentage | None = None
    count: Count | None = None
    period: OneLine
    source: OneLine
    paragraph: OneLine

    def state(self, fact: str) -> BaselineRecorded:
        """What is to be known of a fact."""
        return BaselineRecorded(
            fact=fact,
            statement=self.statement,
            theme=self.theme,
            areas=tuple(self.areas),
            low_percent=self.low_percent,
            high_percent=self.high_percent,
            count=self.count,
            period=self.period,
            source=self.source,
            paragraph=self.paragraph,
        )


class BaselineFactBody(_State):
    """A fact of the baseline, as its source states it."""

    id: Id

    def event(self) -> BaselineRecorded:
        """What recording it says."""
        return self.state(self.id)


class BaselineCorrectionBody(_State, RevisionBody):
    """The same fact, as its source does state it."""
