"""A broker with our topics."""

from uuid import uuid4

import pytest

from deploy.local.broker import Broker
from shared.processes import topics
from shared.runtime.settings import Settings


@pytest.fixture
async def at_broker(settings: Settings, broker: Broker) -> Settings:
    """Settings of the fresh database and the broker, with its topics."""
    if broker.real:
        await topics.ensure(broker.servers)
    # A source of its own: what other databases said stands in the same log.
    oin = f"{uuid4().int % 10**20:020}"
    return settings.model_copy(update={"kafka_servers": broker.servers, "oin": oin})
