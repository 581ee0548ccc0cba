"""The agent takes whatever the log has, tells nothing before it has read its window, and says when it stands still."""

from datetime import timedelta

import pytest
from aiokafka import TopicPartition

from services.community.pulse.agent import PulseAgent, Stalled
from services.community.pulse.domain import LivelyKind
from services.community.pulse.message import TOLD_EVERY, Told
from shared.runtime.settings import Settings

from ...records import NOW, cloud_event
from ..samples import HELD, NAMES, Change

PLACE = TopicPartition("community.dialogues", 2)


class Agent(PulseAgent):
    """An agent whose clock stands still until it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0
        super().__init__(Settings(stuck_after_seconds=10), lambda: self.seconds)
        self.begin({PLACE: 5})
        self.offset = 5

    def read(self, *values: bytes | None) -> None:
        for value in values:
            self.take(PLACE, self.offset, value, NOW)
            self.offset += 1


@pytest.fixture
def agent() -> Agent:
    return Agent()


def areas(told: list[Told]) -> dict[str, int]:
    return dict(next(each.ranking for each in told if each.kind is LivelyKind.AREA))


def test_nothing_is_told_before_the_window_was_read_back(agent: Agent) -> None:
    agent.look({PLACE: 6})
    assert agent.news(NOW) == []
    assert agent.problem() == "the pulse reads its window back: 1 events to go"
    agent.read(cloud_event(HELD))
    agent.look({PLACE: 6})
    assert agent.problem() is None
    told = agent.news(NOW)
    assert [each.kind for each in told] == list(LivelyKind)
    assert areas(told) == {"GM0794": 1}


def test_all_is_told_when_something_changed_or_a_while_has_passed(agent: Agent) -> None:
    agent.look({PLACE: 5})
    assert agent.news(NOW)
    assert agent.news(NOW + timedelta(seconds=2)) == []
    agent.read(cloud_event(HELD))
    later = NOW + timedelta(seconds=4)
    assert areas(agent.news(later)) == {"GM0794": 1}
    assert agent.news(later + TOLD_EVERY - timedelta(seconds=1)) == []
    assert agent.news(later + TOLD_EVERY)
    agent.said(arrived=False)
    assert agent.news(later + TOLD_EVERY)


@pytest.mark.parametrize(
    "value", [None, b"", b"poison", b"{}", b'{"type":"nl.veerkracht.log.opened.v1","id":"1"}', b"[" * 9999]
)
def test_what_cannot_be_read_is_passed_over(agent: Agent, value: bytes | None) -> None:
    agent.read(value, cloud_event(NAMES[0]), cloud_event(HELD))
    agent.look({PLACE: 8})
    assert areas(agent.news(NOW)) == {"GM0794": 1}


def test_what_comes_again_counts_once(agent: Agent) -> None:
    first, second = (cloud_event(Change(HELD, dialogue=f"d-{n}"), sequence=n) for n in (1, 2))
    agent.read(first, second, first, second)
    agent.take(PLACE, 5, first, NOW)
    agent.look({PLACE: 9})
    assert areas(agent.news(NOW)) == {"GM0794": 2}


def test_who_reads_nothing_while_there_is_something_to_read_is_red_and_then_ends(agent: Agent) -> None:
    agent.look({PLACE: 5})
    agent.seconds = 50
    agent.look({PLACE: 5})
    assert agent.problem() is None, "there was nothing to read"
    agent.look({PLACE: 6})
    agent.seconds = 61
    agent.look({PLACE: 6})
    assert agent.problem() == "the pulse has events to read and did not move for 11 s"
    agent.said(arrived=True)
    agent.seconds = 111
    with pytest.raises(Stalled, match="of a partition none was read for 61 s"):
        agent.look({PLACE: 6})


def test_a_partition_that_stands_still_beside_one_that_moves_is_seen(agent: Agent) -> None:
    other = TopicPartition("community.dialogues", 3)
    for second in range(0, 60, 2):
        agent.seconds = second
        agent.read(None)
        agent.look({PLACE: 1000, other: 1})
    assert agent.problem() == "the pulse has events to read and did not move for 58 s"


def test_a_window_is_read_back_also_while_more_comes_all_the_time(agent: Agent) -> None:
    agent.look({PLACE: 7})
    agent.read(None, None)
    agent.look({PLACE: 9})
    assert agent.problem() is None
    assert agent.news(NOW)


def test_who_tells_nothing_is_red_and_then_ends(agent: Agent) -> None:
    agent.look({PLACE: 5})
    agent.seconds = 71
    agent.look({PLACE: 5})
    assert agent.problem() == "the pulse told nothing for 71 s"
    agent.seconds = 121
    with pytest.raises(Stalled, match="nothing was told"):
        agent.look({PLACE: 5})


def test_who_hears_nothing_from_kafka_is_red(agent: Agent) -> None:
    assert agent.problem() == "the pulse has not heard from Kafka yet"
    agent.look({PLACE: 5})
    agent.seconds = 11
    assert agent.problem() == "the pulse has not heard from Kafka for 11 s"


def test_a_partition_that_was_added_is_to_be_read_too(agent: Agent) -> None:
    agent.look({PLACE: 5, TopicPartition("community.dialogues", 7): 3})
    assert agent.problem() == "the pulse reads its window back: 3 events to go"
