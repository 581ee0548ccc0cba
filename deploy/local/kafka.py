"""Apache Kafka as one process: broker and controller in KRaft mode, on the loopback address."""

import json
import re
import secrets
from asyncio.subprocess import Process
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from .ports import HOST, free_port, is_free, listens
from .processes import ProcessError, run, spawn, tail, until

#: Measured on 2 cores: serial collector and first-tier compiler start in 2.3 s against 2.9 s with Java's defaults.
_JAVA_OPTIONS = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
)


class Kafka:
    """One node with its data in `<state>/kafka`."""

    def __init__(self, state: Path, java: Path, libs: Path, port: int | None = None) -> None:
        """Takes `port`, or the ports of last time while they are free, or free ones."""
        self._home = (state / "kafka").resolve()
        self._log = state.resolve() / "logs" / "kafka.log"
        self._java: list[str | Path] = [java, *_JAVA_OPTIONS, "-cp", f"{libs}/*"]
        self._port, self._controller_port = self._choose_ports(port)
        self.servers = f"{HOST}:{self._port}"

    def _choose_ports(self, port: int | None) -> tuple[int, int]:
        remembered = self._home / "ports.json"
        last: list[int] = json.loads(remembered.read_text(encoding="utf-8")) if remembered.exists() else [0, 0]
        if port is not None and not is_free(port):
            raise ProcessError(f"port {port} for Kafka is in use")
        chosen = port or free_port(last[0] or None)
        controller = free_port(last[1] or None)
        while controller == chosen:
            controller = free_port()
        self._home.mkdir(parents=True, exist_ok=True)
        remembered.write_text(json.dumps([chosen, controller]), encoding="utf-8")
        return chosen, controller

    def log_id(self) -> str:
        """Names this log: another cluster, or one formatted anew, has another id."""
        properties = (self._home / "data" / "meta.properties").read_text(encoding="utf-8")
        found = re.search(r"^cluster\.id=(.+)$", properties, flags=re.MULTILINE)
        if found is None:
            raise ProcessError(f"{self._home}/data/meta.properties has no cluster.id")
        return found[1]

    async def serve(self) -> Process:
        """Start it and wait for its metadata to name a broker. Raises ProcessError."""
        config = self._home / "server.properties"
        config.write_text("".join(f"{key}={value}\n" for key, value in self._settings().items()), encoding="utf-8")
        if not (self._home / "data" / "meta.properties").exists():
            await self._format(config)
        process = await spawn([*self._java, "kafka.Kafka", config], self._log, cwd=self._home)
        await until(lambda: has_broker(self.servers), process, "Kafka", self._log)
        return process

    async def _format(self, config: Path) -> None:
        cluster = f"--cluster-id={secrets.token_urlsafe(16)}"
        tool = [*self._java, "kafka.tools.StorageTool", "format", "--ignore-formatted", "--config", config, cluster]
        status = await run(tool, self._log, cwd=self._home)
        if status:
            raise ProcessError(f"Kafka's storage could not be formatted:\n{tail(self._log)}")

    def _settings(self) -> dict[str, str | int]:
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            # A static voter list: the controller may come back on another port.
            "controller.quorum.voters": f"1@{HOST}:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{HOST}:{self._port},CONTROLLER://{HOST}:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://{HOST}:{self._port}",
            "log.dirs": str(self._home / "data"),
            # Topics come from topics.toml; a misspelt one must fail.
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 3,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            # After a kill -9, the new process must wait for the old one's session to pass: 9 s by default.
            "broker.session.timeout.ms": 3000,
            "broker.heartbeat.interval.ms": 500,
        }


async def has_broker(servers: str) -> bool:
    """Whether the cluster answers a metadata request with at least one broker."""
    if not listens(servers):
        return False  # without asking aiokafka, which logs an error each time
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=5000)
    try:
        await admin.start()
        described = await admin.describe_cluster()
        return bool(described["brokers"])
    except KafkaError:
        return False
    finally:
        await admin.close()
