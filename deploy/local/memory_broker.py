"""The fall-back broker: `python -m deploy.local.memory_broker FILE` runs librdkafka's in-memory mock cluster.

Writes its bootstrap servers to FILE and runs until TERM. It speaks Kafka's protocol, but keeps 5 MB per partition,
forgets all when it ends, and handles one member per consumer group well. The mock lives in the C library that
confluent-kafka brings and has no Python API, hence ctypes: only so do topics get the partitions of topics.toml.
"""

import ctypes
import signal
import sys
from pathlib import Path

from confluent_kafka import cimpl

from shared.contracts import TOPICS

_PRODUCER = 0
_BROKERS = 1


class MockClusterError(Exception):
    """librdkafka refused something."""


def _library() -> ctypes.CDLL:
    # The extension links to librdkafka: its symbols are found through it, wherever the wheel keeps the library.
    library = ctypes.CDLL(cimpl.__file__)
    library.rd_kafka_conf_new.restype = ctypes.c_void_p
    library.rd_kafka_new.restype = ctypes.c_void_p
    library.rd_kafka_new.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.rd_kafka_mock_cluster_new.restype = ctypes.c_void_p
    library.rd_kafka_mock_cluster_new.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    library.rd_kafka_mock_cluster_bootstraps.argtypes = [ctypes.c_void_p]
    library.rd_kafka_mock_topic_create.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int]
    library.rd_kafka_mock_group_initial_rebalance_delay_ms.argtypes = [ctypes.c_void_p, ctypes.c_int32]
    library.rd_kafka_err2str.restype = ctypes.c_char_p
    return library


def start() -> str:
    """Start the cluster in this process, with every topic; returns its servers. Raises MockClusterError."""
    library = _library()
    reason = ctypes.create_string_buffer(512)
    client = library.rd_kafka_new(_PRODUCER, library.rd_kafka_conf_new(), reason, len(reason))
    if not client:
        raise MockClusterError(reason.value.decode())
    cluster = library.rd_kafka_mock_cluster_new(client, _BROKERS)
    library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
    for name, topic in TOPICS.items():
        code = library.rd_kafka_mock_topic_create(cluster, name.encode(), topic.partitions, _BROKERS)
        if code:
            raise MockClusterError(f"{name}: {library.rd_kafka_err2str(code).decode()}")
    servers: bytes = library.rd_kafka_mock_cluster_bootstraps(cluster)
    return servers.decode()


def main() -> None:
    """Run until TERM or INT."""
    # Before the library starts threads, so that they do not take the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    address = Path(sys.argv[1])
    unfinished = address.with_suffix(".new")
    unfinished.write_text(start(), encoding="utf-8")
    unfinished.rename(address)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
