"""The broker and the workers, as the canaries see them."""

import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import GroupCoordinatorNotAvailableError
from aiokafka.protocol.group import LeaveGroupRequest

from deploy.local.broker import Broker
from deploy.local.ports import free_port
from deploy.local.processes import end, spawn, tail

from ..journeys.platform import new_id, until
from .apps import CASES, SAYS

ROOT = Path(__file__).parents[2]


class Log:
    """Topics and consumer groups of one broker. Everything is written to partition 0."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self._admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        self._client = AIOKafkaClient(bootstrap_servers=servers)
        self._producer = AIOKafkaProducer(bootstrap_servers=servers)

    async def start(self) -> None:
        await self._admin.start()
        await self._client.bootstrap()
        await self._producer.start()

    async def stop(self) -> None:
        await self._producer.stop()
        await self._client.close()
        await self._admin.close()

    async def create(self, *topics: str) -> None:
        """Make topics of two partitions."""
        await self._admin.create_topics([NewTopic(topic, 2, 1) for topic in topics])

    async def send(self, topic: str, *values: str) -> None:
        """Write values, in this order."""
        for value in values:
            await self._producer.send_and_wait(topic, value.encode(), partition=0)

    async def committed(self, group: str) -> int | None:
        """The group's committed offset in partition 0 of the topic of the same name."""
        offsets = await self._admin.list_consumer_group_offsets(group)
        found = offsets.get(TopicPartition(group, 0))
        return found.offset if found else None

    async def coordinates(self, group: str) -> bool:
        """Whether the broker is ready for groups: a new one makes its topic of offsets first."""
        try:
            await self._admin.find_coordinator(group)
        except GroupCoordinatorNotAvailableError:
            return False
        return True

    async def put_out(self, group: str) -> None:
        """Take every member out of the group, as its coordinator does when a session expires."""
        node = await self._admin.find_coordinator(group)
        described = (await self._admin.describe_consumer_groups([group]))[0].to_object()
        for member in described["groups"][0]["members"]:
            await self._client.ready(node)
            await self._client.send(node, LeaveGroupRequest(group, member["member_id"]))

    async def read(self, topic: str, partition: int, *, isolation: str = "read_committed") -> tuple[int, list[str]]:
        """Where the partition ends, as a reader of this isolation level sees it, and the values before that."""
        reader = AIOKafkaConsumer(bootstrap_servers=self.servers, isolation_level=isolation)
        await reader.start()
        try:
            here = TopicPartition(topic, partition)
            reader.assign([here])
            await reader.seek_to_beginning(here)
            end: int = (await reader.end_offsets([here]))[here]
            values: list[str] = []
            while await reader.position(here) < end:
                values += [
                    record.value.decode() for record in (await reader.getmany(here, timeout_ms=100)).get(here, [])
                ]
            return end, values
        finally:
            await reader.stop()

    async def read_all(self, topic: str) -> list[str]:
        """The values of finished transactions in both partitions."""
        return (await self.read(topic, 0))[1] + (await self.read(topic, 1))[1]


class Worker:
    """A Faust app in a process of its own, with a topic and a group of its name."""

    def __init__(self, case: str, log: Log, folder: Path) -> None:
        self.case = case
        self.name = f"{case}-{new_id()}"
        self.out = f"{self.name}-out"
        self.output = folder / f"{self.name}.log"
        self._log = log
        self._port = str(free_port())
        self.url = f"http://127.0.0.1:{self._port}/"

    async def start(self) -> None:
        """Start a life, with nothing said."""
        self.output.write_bytes(b"")
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "tests.canaries.apps",
            self.case,
            self._log.servers,
            self.name,
        ]
        self._process = await spawn([*command, self.output.with_suffix(""), self._port], self.output, cwd=ROOT)

    async def kill(self) -> None:
        """kill -9."""
        await end(self._process, signal.SIGKILL)

    async def crash(self) -> None:
        """kill -9, and start again as soon as the group knows."""
        await self.kill()
        await self._log.put_out(self.name)
        await self.start()

    def said(self) -> list[str]:
        """What it told in this life. Fails when it has ended."""
        status = self._process.returncode
        assert status is None, f"{self.case} ended with status {status}\n{self.log()}"
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return [line.removeprefix(SAYS) for line in lines if line.startswith(SAYS)]

    async def ready(self) -> bool:
        """Whether this life has its partitions and its tables."""
        return "Worker ready" in self.output.read_text(encoding="utf-8")

    def log(self) -> str:
        """The end of what this life wrote."""
        return tail(self.output, 60)

    async def state(self) -> tuple[list[str], int | None]:
        """What it told in this life, and the offset it committed."""
        return self.said(), await self._log.committed(self.name)


@pytest.fixture(scope="package")
async def log(broker: Broker) -> AsyncIterator[Log]:
    """The real broker; the in-memory cluster has no groups that outlive a member and no transactions."""
    if not broker.real:
        pytest.skip(f"needs the real Kafka broker: {broker.why}")
    log = Log(broker.servers)
    await log.start()
    await until(lambda: log.coordinates("any"), bool, seconds=60)
    yield log
    await log.stop()


@pytest.fixture(scope="package")
async def workers(log: Log, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Worker]]:
    """A worker for each case, on empty topics. All start at once: mostly they wait."""
    folder = tmp_path_factory.mktemp("canaries")
    workers = {case: Worker(case, log, folder) for case in CASES}
    await log.create(*(topic for worker in workers.values() for topic in (worker.name, worker.out)))
    async with AsyncExitStack() as running:
        for worker in workers.values():
            await worker.start()
            running.push_async_callback(worker.kill)
        yield workers
