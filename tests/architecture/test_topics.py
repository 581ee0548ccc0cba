"""topics.toml says who writes and who reads each topic, and the code does just that: rights are made from the file."""

import ast
import importlib
from functools import cache

import pytest

from services.community.pulse import domain, message
from shared.contracts import CONTRACTS, EVENT_TOPICS, TOPICS, Contract
from shared.contracts.control import HEARTBEATS
from shared.projections.projector import Projection

from . import code


def _projections(service: str) -> tuple[Projection, ...]:
    app = importlib.import_module(f"services.{service}.app")
    made: tuple[Projection, ...] = app.projections(app.SETTINGS())
    return made


READERS = {
    (topic, f"{service}.{projection.name}")
    for service in code.SERVICES
    for projection in _projections(service)
    for topic in projection.topics
} | {
    *((topic, "community.pulse") for topic in domain.READ_TOPICS),
    (message.TOPIC, "community.api"),
}
#: Topics without events, and who writes to them: what is written there is no contract's.
NO_EVENTS = {HEARTBEATS: set(code.SERVICES), message.TOPIC: {"community"}}


@cache
def _makes(service: str) -> set[type[Contract]]:
    """The contracts that code of a service makes an event of, by their names."""
    by_name = {contract.__name__: contract for contract in CONTRACTS.values()}
    return {
        by_name[node.func.id]
        for module in code.modules("services")
        if module.name.startswith(f"services.{service}.")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in by_name
    }


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_names_every_consumer_group_that_reads_it_and_no_other(topic: str) -> None:
    assert set(TOPICS[topic].readers) == {reader for read, reader in READERS if read == topic}


def test_what_carries_no_events_is_known() -> None:
    assert NO_EVENTS.keys() == TOPICS.keys() - set(EVENT_TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_written_by_the_service_whose_code_makes_its_events(topic: str) -> None:
    makers = NO_EVENTS.get(topic) or {
        service for service in code.SERVICES if any(made.topic == topic for made in _makes(service))
    }
    assert set(TOPICS[topic].writers) == makers


def test_every_projection_reads_topics_that_there_are() -> None:
    assert {topic for topic, _ in READERS} <= TOPICS.keys()


def test_no_list_names_one_twice_and_each_is_in_order() -> None:
    for topic in TOPICS.values():
        assert list(topic.readers) == sorted(set(topic.readers))
        assert list(topic.writers) == sorted(set(topic.writers))
