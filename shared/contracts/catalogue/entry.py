"""What an entry of the event catalogue says of one event type."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

import msgspec

from ..envelope import CloudEvent, Contract
from ..vocabulary import Theme, TriggerReason

EventT = TypeVar("EventT", bound=Contract)

#: One whole CloudEvent per event type.
EXAMPLES = Path(__file__).parents[1] / "examples"

_NOTHING: Mapping[tuple[str, str], str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Concerns:
    """Whom an event concerns.

    `municipalities` are known to be such; `other_areas` are of another level, or the event does not say of which.
    """

    initiative: str | None = None
    municipalities: tuple[str, ...] = ()
    other_areas: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    organisations: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas of every level."""
        return self.municipalities + self.other_areas


class Name(NamedTuple):
    """What something is called in a sentence; `kind` is that of its subject."""

    kind: str
    id: str
    name: str


class Names:
    """What ids are called, by kind and id. It keeps which ids were asked for."""

    def __init__(self, known: Mapping[tuple[str, str], str] = _NOTHING) -> None:
        self._known = known
        self.asked: set[str] = set()

    def of(self, kind: str, id_: str, otherwise: str | None = None) -> str:
        """The name of an id; `otherwise`, or else the id itself, while it has none."""
        self.asked.add(id_)
        return self._known.get((kind, id_)) or otherwise or id_


@dataclass(frozen=True, slots=True)
class Sentence:
    """An event in Dutch: what kind of news it is, the sentence, and where to read on."""

    label: str
    text: str
    href: str


def _always(_: Contract) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class News(Generic[EventT]):
    """How the activity tells an event, and `when`: not every event of a type need be news.

    `text` raises ValueError or IndexError when no sentence can be made of what the event says.
    """

    label: str
    text: Callable[[EventT, Names], str]
    href: Callable[[EventT], str]
    when: Callable[[EventT], bool] = _always


@dataclass(frozen=True, slots=True)
class No:
    """A decision against it, and why."""

    reason: str


#: Why what is no news raises no newsletter trigger.
NOT_NEWS = No("The activity does not tell it.")


@dataclass(frozen=True, slots=True)
class Entry(Generic[EventT]):
    """All that is known of an event type beside its shape.

    `meaning` is one Dutch sentence. `news` is how the activity tells it, `trigger` the newsletter trigger that it can
    raise (when it does is a rule of those who raise it), or why not. `name` is the name it gives to its subject.
    """

    contract: type[EventT]
    _: KW_ONLY
    meaning: str
    concerns: Callable[[EventT], Concerns]
    news: News[EventT] | No
    trigger: TriggerReason | No
    name: Callable[[EventT], str] | None = None

    @property
    def summary(self) -> str:
        """The first line of the contract's docstring."""
        return (self.contract.__doc__ or "").partition("\n")[0]

    def example(self) -> EventT:
        """The data of the golden example."""
        raw = (EXAMPLES / f"{self.contract.type}.json").read_bytes()
        return msgspec.json.decode(msgspec.json.decode(raw, type=CloudEvent).data, type=self.contract)

    def is_news(self, event: EventT) -> bool:
        """Whether the activity tells this event."""
        return isinstance(self.news, News) and self.news.when(event)

    def sentence(self, event: EventT, names: Names) -> Sentence:
        """An event of a type that is news, told."""
        if isinstance(self.news, No):
            raise ValueError(f"{self.contract.type} is not news: {self.news.reason}")
        return Sentence(self.news.label, self.news.text(event, names), self.news.href(event))

    def mentions(self, event: EventT) -> frozenset[str]:
        """The ids whose names its sentence needs."""
        names = Names()
        self.sentence(event, names)
        return frozenset(names.asked)

    def name_of(self, event: EventT) -> Name | None:
        """The name that an event gives to its subject."""
        return Name(event.kind, event.key, self.name(event)) if self.name is not None else None
