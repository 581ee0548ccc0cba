"""A connection that the broker resets costs a client nothing but that connection, on the loop of our processes."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvloop
from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import IncompatibleBrokerVersion

from deploy.local.broker import Broker
from shared.kafka import connection


class Between:
    """Stands between a client and a broker, and can reset what it has open."""

    def __init__(self, servers: str) -> None:
        host, _, port = servers.rpartition(":")
        self._broker = host, int(port)
        self._open: list[asyncio.StreamWriter] = []
        self._copying: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        its_reader, its_writer = await asyncio.open_connection(*self._broker)
        self._open += [writer, its_writer]
        for one, other in ((reader, its_writer), (its_reader, writer)):
            self._copying.add(asyncio.create_task(self._copy(one, other)))

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            writer.write(piece)

    async def reset(self) -> None:
        for task in self._copying:
            task.cancel()
        await asyncio.gather(*self._copying, return_exceptions=True)
        for writer in self._open:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


@asynccontextmanager
async def connected(servers: str) -> AsyncIterator[tuple[AIOKafkaClient, AIOKafkaConnection, Between]]:
    """A client, and the connection by which it asks for metadata."""
    client = AIOKafkaClient(bootstrap_servers=servers)
    await client.bootstrap()
    between = Between(servers)
    try:
        async with await asyncio.start_server(between.serve, "127.0.0.1", 0) as server:
            (node,) = {broker.nodeId for broker in client.cluster.brokers()}
            through = await create_conn(*server.sockets[0].getsockname(), on_close=client._on_connection_closed)
            client._conns[node, ConnectionGroup.DEFAULT] = through
            yield client, through, between
    finally:
        await client.close()


async def asked_when_reset(servers: str) -> object:
    """What comes of asking for metadata at the moment that the connection is lost: what was answered, or raised."""
    async with connected(servers) as (client, through, between):
        asking: asyncio.Future[asyncio.Task[object]] = asyncio.get_running_loop().create_future()
        lost = through._protocol.connection_lost

        def ask(error: Exception | None) -> None:
            lost(error)
            asking.set_result(asyncio.create_task(client._metadata_update(client.cluster, set())))

        through._protocol.connection_lost = ask
        await between.reset()
        (result,) = await asyncio.gather(await asking, return_exceptions=True)
        return result


async def test_to_write_on_a_connection_that_was_reset_says_that_it_is_broken(broker: Broker) -> None:
    assert await asyncio.to_thread(uvloop.run, asked_when_reset(broker.servers)) is False


async def test_control_without_the_mending_the_task_that_keeps_the_metadata_would_end(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AIOKafkaConnection, "send", connection._send)
    raised = await asyncio.to_thread(uvloop.run, asked_when_reset(broker.servers))
    assert isinstance(raised, RuntimeError), "aiokafka or uvloop has mended it: shared/kafka/connection.py can go"


def test_what_aiokafka_refuses_itself_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The in-memory broker has no settings: whoever asks for them must see that, not a connection that is broken."""

    def refuse(*_: object) -> None:
        raise IncompatibleBrokerVersion("DescribeConfigsRequest")

    monkeypatch.setattr(connection, "_send", refuse)
    with pytest.raises(IncompatibleBrokerVersion):
        connection._send_or_break(object(), object())
