"""Request bodies of instruments, and the commands they ask for."""

from shared.http.bodies import Body
from shared.http.fields import Day, Id, OneLine, Text

from ..assessments.domain import Assessor
from .domain import Decided, Decision, Instrument, InstrumentEvidence, Weight


class InstrumentBody(Body):
    """An option that is explored."""

    id: Id
    title: OneLine
    description: Text
    paragraph: OneLine | None = None

    def command(self) -> Instrument:
        """The option."""
        return Instrument(self.id, self.title, self.description, self.paragraph)


class InstrumentEvidenceBody(Body):
    """What speaks for or against an option."""

    id: Id
    instrument: Id
    statement: Text
    weight: Weight
    source: OneLine
    initiative: Id | None = None
    on: Day

    def command(self) -> InstrumentEvidence:
        """The evidence."""
        return InstrumentEvidence(
            self.id, self.instrument, self.statement, self.weight, self.source, self.initiative, self.on
        )


class DecisionBody(Body):
    """What a body, never a person, decided on an option."""

    id: Id
    instrument: Id
    decision: Decided
    by: Assessor
    on: Day
    reason: Text

    def command(self) -> Decision:
        """The decision."""
        return Decision(self.id, self.instrument, self.decision, self.by, self.on, self.reason)
