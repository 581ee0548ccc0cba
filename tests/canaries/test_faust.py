"""Canaries: what Faust loses or doubles today, on the real broker. Each holds while Faust is as bad as that.

A red one is news, not a mistake of ours: Faust changed, and a reason in docs/decisions/0001-faust.md may have gone.
Every case of that decision is here. Two things no test can show on purpose. How often a table counts twice: it depends
on when the crash comes, so here no commit ever comes before it. And a commit that fails while the session is alive: the
broker refuses none, so here the session is taken away.
"""

from collections.abc import Awaitable, Callable

import httpx2
import pytest

from ..journeys.platform import until
from .conftest import Log, Worker

Workers = dict[str, Worker]
DECISION = "docs/decisions/0001-faust.md"


async def still(worker: Worker, claim: str, read: Callable[[], Awaitable[object]], today: object) -> None:
    """Wait until Faust has done what it does today; fails with the decision to reconsider."""
    try:
        await until(read, lambda found: found == today, seconds=60)
    except AssertionError as seen:
        pytest.fail(
            f"Faust changed? Not seen: {claim}.\nToday: {today}\nSeen: {seen}\nReconsider {DECISION}.\n{worker.log()}"
        )


async def test_an_agent_that_raises_loses_the_event(log: Log, workers: Workers) -> None:
    worker = workers["raising"]
    await log.send(worker.name, "a", "poison", "b")
    await still(worker, "an agent that raises loses the event", worker.state, (["handled a", "handled b"], 3))


async def test_take_loses_the_whole_batch_when_its_body_raises(log: Log, workers: Workers) -> None:
    worker = workers["taking"]
    await log.send(worker.name, "poison", "a", "b")
    await still(worker, "take() loses the whole batch", worker.state, (["takes poison a b"], 3))


async def test_a_record_that_cannot_be_decoded_ends_take_silently(log: Log, workers: Workers) -> None:
    worker = workers["decoding"]
    await log.send(worker.name, '"a"')
    await still(worker, "an event", worker.state, (["handled a"], 1))
    await log.send(worker.name, "{not json", '"b"')
    await still(worker, "poison under take() ends the loop", worker.state, (["handled a", "ended"], 2))
    await log.send(worker.out, "c")
    await still(worker, "the worker goes on without it", worker.state, (["handled a", "ended", "handled c"], 2))
    assert "ERROR" not in worker.output.read_text(encoding="utf-8"), f"Faust now tells: reconsider {DECISION}"


async def test_two_actors_commit_past_an_event_that_hangs(log: Log, workers: Workers) -> None:
    worker = workers["two-actors"]
    await log.send(worker.name, "a", "hang", "b", "c")
    today = (["handled a", "hangs", "handled b", "handled c"], 4)
    await still(worker, "concurrency > 1 commits past a hanging event", worker.state, today)


async def test_control_one_actor_gets_the_event_that_hung_again(log: Log, workers: Workers) -> None:
    """Negative control: the same measures show an event that is not lost."""
    worker = workers["one-actor"]
    await log.send(worker.name, "a", "hang", "b")
    await still(worker, "one actor waits", worker.state, (["handled a", "hangs"], 1))
    await worker.crash()
    await still(worker, "one actor gets the event again", worker.state, (["hangs"], 1))


async def test_a_failed_commit_advances_the_committed_offset(log: Log, workers: Workers) -> None:
    worker = workers["committing"]
    await log.send(worker.name, "a")
    await still(worker, "a commit", worker.state, (["handled a", "committed 1"], 1))
    await log.put_out(worker.name)
    await log.send(worker.name, "b")

    async def told() -> list[str]:
        return worker.said()[:5]

    # The broker has no commit of b and hands it out again. Whether Faust then ever commits it is a race.
    today = ["handled a", "committed 1", "handled b", "committed 2", "handled b"]
    await still(worker, "a failed commit advances the committed offset", told, today)


async def test_a_table_counts_twice_after_a_crash(log: Log, workers: Workers) -> None:
    worker = workers["counting"]
    await log.send(worker.name, "a")
    await still(worker, "a count", worker.state, (["count 1"], None))
    await until(lambda: log.read(f"{worker.name}-counts-changelog", 0), lambda found: found == (1, ["1"]), seconds=60)

    async def told() -> list[str]:
        return worker.said()

    async def tells_after_a_crash() -> bool:
        await worker.crash()
        try:
            await until(told, bool, seconds=20)
        except AssertionError:
            return False  # one start in some ten, a restored app never reads what was not committed
        return True

    await until(tells_after_a_crash, bool, seconds=80)
    await still(worker, "a table counts twice after a crash", worker.state, (["count 2"], None))


async def test_control_a_table_that_was_committed_counts_once(log: Log, workers: Workers) -> None:
    """Negative control: a crash after the commit leaves a table right."""
    worker = workers["counting-committed"]
    await log.send(worker.name, "a")
    await still(worker, "a count", worker.state, (["count 1"], 1))
    await until(lambda: log.read(f"{worker.name}-counts-changelog", 0), lambda found: found == (1, ["1"]), seconds=60)
    await worker.crash()
    await until(worker.ready, bool, seconds=60)  # what comes while a table is restored may be handled twice
    await log.send(worker.name, "b")
    await still(worker, "a committed table is restored", worker.state, (["count 2"], 2))


async def test_exactly_once_loses_what_goes_to_another_partition(log: Log, workers: Workers) -> None:
    worker = workers["sending-to-itself"]
    await log.send(worker.name, "0", "1")

    async def state() -> tuple[list[str], int | None]:
        return sorted(worker.said()), await log.committed(worker.name)

    await still(worker, "offset committed, one output not", state, (["handled 0", "sent 0", "sent 1"], 2))
    await worker.crash()
    # Ends at 2: a record and the marker that ends its transaction. Partition 0 is the control: it is the input's.
    await still(worker, "output in the input's partition is kept", lambda: log.read(worker.out, 0), (2, ["0"]))
    await still(worker, "output in another partition is lost", lambda: log.read(worker.out, 1), (2, []))
    assert await log.read(worker.out, 1, isolation="read_uncommitted") == (2, ["1"])


async def test_exactly_once_is_no_transaction_for_a_topic_that_the_app_does_not_read(
    log: Log, workers: Workers
) -> None:
    worker = workers["sending"]
    await log.send(worker.name, "0")
    await still(worker, "an event that is not committed", worker.state, (["sent 0"], None))
    # Faust does not know the topic's partitions: it drops the transaction, and the partition that was asked for.
    await still(worker, "its output is committed", lambda: log.read_all(worker.out), ["0"])


async def test_an_asgi_server_around_a_crashed_app_goes_on_answering_200(log: Log, workers: Workers) -> None:
    worker = workers["embedding"]
    await log.send(worker.name, "a")
    await still(worker, "an event", worker.state, (["handled a"], 1))
    async with httpx2.AsyncClient(base_url=worker.url, timeout=30) as client:

        async def answer() -> tuple[int, bool]:
            response = await client.get("/")
            return response.status_code, response.json()

        assert await answer() == (200, False)
        assert (await client.post("/crash")).status_code == 200
        await still(worker, "a crashed app answers 200", answer, (200, True))
