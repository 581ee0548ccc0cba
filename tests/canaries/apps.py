"""Small Faust apps, each a process: `python -m tests.canaries.apps <case> <servers> <name> <folder> <port>`.

An app reads the topic `<name>` as consumer group `<name>`; `<name>-out` is its second topic, `<folder>` may take files,
`<port>` is for the case that serves HTTP. What it has to tell it prints, one line at a time, after `SAYS`. The event
`poison` cannot be handled, `hang` never ends. No two agents of an app share a name: Faust would silently keep one.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol

import faust
import uvicorn
from fastapi import FastAPI
from faust.types import TP, ProcessingGuarantee

SAYS = "canary: "
NEVER = 3600.0  # seconds; the broker allows a session half of it


class Stream(Protocol):
    """What an agent here asks of its stream."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def take(self, max_: int, within: float) -> AsyncIterator[list[bytes]]: ...


class Setup(NamedTuple):
    """How a case's app runs, and what it adds to the app, its topic and its second topic."""

    build: Callable[[faust.App, faust.TopicT, faust.TopicT], None]
    commit_seconds: float = 0.1
    guarantee: ProcessingGuarantee = ProcessingGuarantee.AT_LEAST_ONCE


def say(*words: object) -> None:
    """Tell the test."""
    print(SAYS + " ".join(map(str, words)), flush=True)


async def handle(value: bytes) -> None:
    """Handle one event, as it says."""
    if value == b"poison":
        raise ValueError("this event cannot be handled")
    if value == b"hang":
        say("hangs")
        await asyncio.sleep(NEVER)
    say("handled", value.decode())


def _one_by_one(app: faust.App, topic: faust.TopicT, concurrency: int = 1) -> None:
    @app.agent(topic, concurrency=concurrency)
    async def handler(stream: Stream) -> None:
        async for value in stream:
            await handle(value)


def one_by_one(app: faust.App, topic: faust.TopicT, _: faust.TopicT) -> None:
    """An agent that handles event after event."""
    _one_by_one(app, topic)


def side_by_side(app: faust.App, topic: faust.TopicT, _: faust.TopicT) -> None:
    """The same with two actors on one partition."""
    _one_by_one(app, topic, concurrency=2)


def by_three(app: faust.App, topic: faust.TopicT, _: faust.TopicT) -> None:
    """An agent that takes three events at a time."""

    @app.agent(topic)
    async def handler(stream: Stream) -> None:
        async for values in stream.take(3, within=NEVER):
            say("takes", *(value.decode() for value in values))
            for value in values:
                await handle(value)


def decoded(app: faust.App, topic: faust.TopicT, second: faust.TopicT) -> None:
    """An agent that takes JSON decoded by Faust, beside one that must go on."""
    documents = app.topic(topic.get_topic_name(), value_type=str, value_serializer="json")

    @app.agent(documents)
    async def taker(stream: Stream) -> None:
        async for values in stream.take(1, within=NEVER):
            say("handled", *values)
        say("ended")

    _one_by_one(app, second)


def witnessed(app: faust.App, topic: faust.TopicT, _: faust.TopicT) -> None:
    """Tells each committed offset that Faust takes note of."""

    class Witness(faust.Monitor):
        def on_tp_commit(self, tp_offsets: MutableMapping[TP, int]) -> None:
            super().on_tp_commit(tp_offsets)
            say("committed", *tp_offsets.values())

    app.monitor = Witness()
    _one_by_one(app, topic)


def counted(app: faust.App, topic: faust.TopicT, _: faust.TopicT) -> None:
    """Counts events in a table."""
    table = app.Table("counts", default=int)

    @app.agent(topic)
    async def counter(stream: Stream) -> None:
        async for _ in stream:
            table["events"] += 1
            say("count", table["events"])


def passed_on(app: faust.App, topic: faust.TopicT, second: faust.TopicT) -> None:
    """Sends each event to the partition of the second topic that it names."""

    @app.agent(topic)
    async def sender(stream: Stream) -> None:
        async for value in stream:
            await second.send(value=value, partition=int(value))
            say("sent", value.decode())


def passed_on_and_read(app: faust.App, topic: faust.TopicT, second: faust.TopicT) -> None:
    """The same, with the second topic read by this app too."""
    passed_on(app, topic, second)
    _one_by_one(app, second)


def embedded(app: faust.App, topic: faust.TopicT, _: faust.TopicT) -> None:
    """A Faust app that lives in an ASGI server."""
    _one_by_one(app, topic)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        await app.start()
        yield
        await app.stop()

    web = FastAPI(lifespan=life)

    @web.get("/")
    async def stopped() -> bool:
        return app.should_stop

    @web.post("/crash")
    async def crash() -> None:
        await app.crash(RuntimeError("asked for"))

    uvicorn.run(web, host="127.0.0.1", port=int(sys.argv[5]))


CASES = {
    "raising": Setup(one_by_one),
    "taking": Setup(by_three),
    "decoding": Setup(decoded),
    "two-actors": Setup(side_by_side),
    "one-actor": Setup(one_by_one),
    "committing": Setup(witnessed),
    "counting": Setup(counted, commit_seconds=NEVER),
    "counting-committed": Setup(counted),
    "sending": Setup(passed_on, NEVER, ProcessingGuarantee.EXACTLY_ONCE),
    "sending-to-itself": Setup(passed_on_and_read, guarantee=ProcessingGuarantee.EXACTLY_ONCE),
    "embedding": Setup(embedded),
}


def main(case: str, servers: str, name: str, folder: str) -> None:
    """Run a case until it is killed."""
    setup = CASES[case]
    app = faust.App(
        name,
        broker=[f"aiokafka://{servers}"],
        topic_disable_leader=True,
        topic_partitions=2,
        web_enabled=False,
        datadir=folder,
        broker_commit_interval=setup.commit_seconds,
        # No heartbeat in the time of a test: a member learns from its commit that it was put out of the group.
        broker_heartbeat_interval=NEVER / 3,
        broker_session_timeout=NEVER / 2,
        broker_request_timeout=NEVER,
        processing_guarantee=setup.guarantee,
        worker_redirect_stdouts=False,
    )
    topic, second = (
        app.topic(each, value_type=bytes, value_serializer="raw", partitions=2) for each in (name, f"{name}-out")
    )
    setup.build(app, topic, second)
    if case != "embedding":
        faust.Worker(app, loglevel="INFO").execute_from_commandline()


if __name__ == "__main__":
    main(*sys.argv[1:5])
