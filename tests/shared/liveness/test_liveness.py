"""What stands still is named, then tried with another client, and ends its process when that does not help."""

from collections.abc import Callable

import pytest

from shared.liveness.liveness import PATIENCE_SECONDS, Liveness, Stuck

LIMIT, LONG = 10.0, PATIENCE_SECONDS + 1
OURS = ("dialogues-0",)


def one_that_reads() -> Liveness:
    """It has its partitions, and Kafka answered at 0."""
    lively = Liveness("activity", LIMIT)
    lively.connects(0.0)
    lively.placed(0.0)
    lively.heard([("dialogues-0", 1)], OURS, 0.0)
    lively.stands(0, moved=False, now=0.0)
    return lively


def test_one_that_has_not_joined_is_not_ready() -> None:
    lively = Liveness("activity", LIMIT)
    lively.connects(0.0)
    assert lively.problem(0.0) == "activity has not joined its consumer group"


def test_kafka_that_answers_is_enough_while_nothing_is_to_be_folded() -> None:
    lively = one_that_reads()
    for now in range(100):
        lively.heard([("dialogues-0", now)], OURS, now)
        lively.stands(0, moved=False, now=now)
        assert (lively.problem(now), lively.wants_another_client(now)) == (None, False)


def one_that_is_revoked(lively: Liveness) -> None:
    lively.asks(0.0)


def one_that_is_behind(lively: Liveness) -> None:
    lively.stands(5, moved=False, now=0.0)


def one_that_lost_kafka(lively: Liveness) -> None:
    lively.connects(0.0)


def one_that_hears_nothing(_: Liveness) -> None:
    pass


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (one_that_is_revoked, "activity is not given its partitions for 11 s"),
        (one_that_is_behind, "activity has events to fold and did not move for 11 s"),
        (one_that_lost_kafka, "activity does not reach Kafka and its group for 11 s"),
        (one_that_hears_nothing, "activity has not heard from Kafka for 11 s"),
    ],
)
def test_whatever_stands_still_is_named_and_gets_another_client(fault: Callable[[Liveness], None], said: str) -> None:
    lively = one_that_reads()
    fault(lively)
    assert lively.problem(LIMIT - 1) is None
    assert lively.problem(LIMIT + 1) == said
    assert not lively.wants_another_client(LIMIT + 1)
    assert lively.wants_another_client(LONG)


def test_when_other_clients_do_not_help_the_process_ends() -> None:
    lively = one_that_reads()
    for now in (LONG, 2 * LONG):
        assert lively.wants_another_client(now)
        lively.connects(now)
    with pytest.raises(Stuck, match="2 new clients did not help"):
        lively.wants_another_client(3 * LONG)


def test_one_that_moved_in_between_has_its_patience_back() -> None:
    lively = one_that_reads()
    for now in (LONG, 2 * LONG, 3 * LONG, 4 * LONG):
        assert lively.wants_another_client(now)
        lively.connects(now)
        lively.placed(now)
        lively.heard([("dialogues-0", int(now))], OURS, now)
        lively.stands(0, moved=True, now=now)


def test_what_it_waited_for_is_noted() -> None:
    noted: list[tuple[str, float]] = []
    lively = Liveness("activity", LIMIT, lambda what, seconds: noted.append((what, seconds)))
    lively.connects(1.0)
    lively.placed(3.5)
    for answer, now in ((1, 4.0), (1, 5.0), (2, 9.0)):
        lively.heard([("dialogues-0", answer)], OURS, now)
    assert noted == [("partitions", 2.5), ("Kafka", 5.0)]


def test_a_partition_that_waits_for_others_is_asked_for_nothing_and_is_well() -> None:
    lively = one_that_reads()
    lively.heard([], OURS, 1.0)
    assert (lively.problem(LONG), lively.wants_another_client(LONG)) == (None, False)
    lively.heard([("dialogues-0", 1)], OURS, LONG)
    assert lively.problem(LONG + 1) is None, "its last answer counts from when it is asked again"
