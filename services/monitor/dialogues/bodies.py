"""Request bodies of a version of the learning key, and the events they ask for."""

from typing import Annotated

from shared.contracts.monitor import (
    LearningKeyPublished,
    TopicMapping,
)
from shared.contracts.vocabulary import DialogueTopic
from shared.http.bodies import Body, RevisionBody
from shared.http.fields import Day, Distinct, Id, Ordinal


class MappingBody(Body):
    """Scores on a topic count towards an indicator."""

    topic: DialogueTopic
    indicator: Id


class _Key(Body):
    valid_from: Day
    mappings: Annotated[list[MappingBody], Distinct(100, least=1, by=("topic", "indicator"))]

    def key(self, version: int) -> LearningKeyPublished:
        """What is to be known of a version."""
        return LearningKeyPublished(
            version=version,
            valid_from=self.valid_from,
            mappings=tuple(TopicMapping(topic=m.topic, indicator=m.indicator) for m in self.mappings),
        )


class LearningKeyBody(_Key):
    """The next version of the learning key, for dialogues held from a date on."""

    version: Ordinal

    def event(self) -> LearningKeyPublished:
        """What publishing it says."""
        return self.key(self.version)


class LearningKeyCorrectionBody(_Key, RevisionBody):
    """A version of the learning key, as it was from the start. `version` is how often it was revised."""
