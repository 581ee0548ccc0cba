"""What the feeds offer and which part of it a reader asks for: pure."""

from collections.abc import Collection
from dataclasses import dataclass

from shared.contracts import TOPICS, Contract, source, stream_of
from shared.contracts.catalogue import CATALOGUE, Entry

#: The event types that partners may read; every other type is refused, also when it turns up on a public topic.
PUBLIC: dict[str, Entry[Contract]] = {
    name: entry for name, entry in sorted(CATALOGUE.items()) if TOPICS[entry.contract.topic].public
}
#: The first part of a subject.
KINDS = tuple(sorted({entry.contract.kind for entry in PUBLIC.values()}))


def sources(oin: str) -> tuple[str, ...]:
    """Every source that public events of this organisation number can have, whether it said anything yet or not."""
    return tuple(sorted({source(oin, stream_of(entry.contract.topic)) for entry in PUBLIC.values()}))


def tags_of(source_: str, type_: str, subject: str) -> frozenset[str]:
    """What a filter looks at; a kind of subject keeps its slash, so that no two tags can be mixed up."""
    return frozenset((source_, type_, subject, subject.partition("/")[0] + "/"))


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events: in each part any of the values, all when the part is empty, and every part must fit.

    A subject is `<kind>/<id>`, or `<kind>/` for all of that kind.
    """

    types: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.types or self.subjects or self.sources)

    def accepts(self, tags: Collection[str]) -> bool:
        """Whether an event with these tags is asked for."""
        return all(not part or not part.isdisjoint(tags) for part in (self.types, self.subjects, self.sources))

    def allowed_types(self) -> list[str]:
        """The types asked for, each of them when none was named."""
        return sorted(self.types or PUBLIC)

    def whole_types(self) -> list[str]:
        """The types asked for of which the subject does not matter."""
        return [
            name
            for name in self.allowed_types()
            if not self.subjects or f"{PUBLIC[name].contract.kind}/" in self.subjects
        ]

    def single_subjects(self) -> list[str]:
        """The subjects that were asked for by their id."""
        return sorted(subject for subject in self.subjects if not subject.endswith("/"))
