"""What is lively: news of the last so many hours, counted by what it concerns. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from shared.contracts import CONTRACTS, TOPICS, Contract
from shared.contracts.catalogue import CATALOGUE, News, entry_of

#: A window begins on the hour, and the next one an hour later.
HOP = timedelta(hours=1)
#: So many of a kind are told.
MOST = 10
#: What only follows: one dialogue moves many figures, and is one sign of life.
_FOLLOWS = frozenset({"monitor.aggregates"})


class LivelyKind(StrEnum):
    """What is counted apart. The value is the kind that names are kept under."""

    THEME = "theme"
    AREA = "area"
    INITIATIVE = "initiative"


#: The topics with news that counts.
READ_TOPICS = tuple(
    topic
    for topic, made in TOPICS.items()
    if made.public
    and topic not in _FOLLOWS
    and any(isinstance(CATALOGUE[each.type].news, News) for each in CONTRACTS.values() if each.topic == topic)
)
#: The events on them.
READS = tuple(contract for contract in CONTRACTS.values() if contract.topic in READ_TOPICS)

Thing = tuple[LivelyKind, str]
#: The most lively of a kind, each with how often there was news of it.
Ranking = tuple[tuple[str, int], ...]


def things_of(event: Contract) -> frozenset[Thing]:
    """What is a little livelier by this event; nothing when the activity does not tell it."""
    entry = entry_of(event)
    if not entry.is_news(event):
        return frozenset()
    concerns = entry.concerns(event)
    return frozenset(
        [
            *((LivelyKind.THEME, theme.value) for theme in concerns.themes),
            *((LivelyKind.AREA, area) for area in concerns.areas),
            *([(LivelyKind.INITIATIVE, concerns.initiative)] if concerns.initiative else []),
        ]
    )


class HoppingWindow:
    """Counts over the last so many hops, the present one included. What is older leaves with the hop that it came in.

    In each partition a source counts on, so what comes again with a number that was there is not counted again.
    """

    def __init__(self, hops: int) -> None:
        self._hops = hops
        self._totals: Counter[Thing] = Counter()
        #: Of each hop what it brought, by its number since 1970.
        self._panes: dict[int, Counter[Thing]] = defaultdict(Counter)
        self._numbers: dict[tuple[str, int, str], int] = {}

    def begins(self, now: datetime) -> datetime:
        """When the window of this moment begins."""
        return datetime.fromtimestamp((_hop(now) - self._hops + 1) * HOP.total_seconds(), UTC)

    def is_new(self, topic: str, partition: int, source: str, number: int) -> bool:
        """Whether this is not a repeat; from now on it is one."""
        place = topic, partition, source
        if number <= self._numbers.get(place, 0):
            return False
        self._numbers[place] = number
        return True

    def count(self, time: datetime, things: Iterable[Thing], now: datetime) -> None:
        """Something happened to these; before the window it is as if it had not."""
        hop = _hop(time)
        if hop > _hop(now) - self._hops:
            for thing in things:
                self._panes[hop][thing] += 1
                self._totals[thing] += 1

    def rankings(self, now: datetime) -> Mapping[LivelyKind, Ranking]:
        """The most lively of each kind as of this moment; of two as lively the one whose id comes first."""
        for hop in [hop for hop in self._panes if hop <= _hop(now) - self._hops]:
            self._totals -= self._panes.pop(hop)
        return {kind: _ranking(self._totals, kind) for kind in LivelyKind}


def _hop(time: datetime) -> int:
    return int(time.timestamp() // HOP.total_seconds())


def _ranking(totals: Counter[Thing], kind: LivelyKind) -> Ranking:
    found = [(id_, count) for (of, id_), count in totals.items() if of is kind]
    return tuple(sorted(found, key=lambda each: (-each[1], each[0]))[:MOST])
