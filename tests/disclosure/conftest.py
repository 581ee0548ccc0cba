"""A stack of its own, full of small groups, and all that an outsider can read of it: made once."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from deploy.local.stack import Stack

from .answers import Surface
from .attacks import Evidence
from .planting import Planted, Planter
from .surfaces import Collector
from .worlds import plant, probe

#: The general threshold is another than that of dialogues and observations: who asks the wrong one is seen.
THRESHOLDS = {
    "VEERKRACHT_PUBLICATION_THRESHOLD": "5",
    "VEERKRACHT_PUBLICATION_THRESHOLDS": '{"dialogue": 10, "survey": 10, "ggd": 10, "open-data": 10}',
}


@dataclass(frozen=True)
class Besieged:
    """All that can be read, and what of it nobody may learn."""

    surfaces: list[Surface]
    planted: Planted


@pytest.fixture(scope="session")
async def besieged(tmp_path_factory: pytest.TempPathFactory) -> Besieged:
    """The world, read once; it is gone before the attacks begin."""
    async with AsyncExitStack() as opened:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in THRESHOLDS.items():
                environment.setenv(name, value)
            stack = await opened.enter_async_context(Stack(Path(tmp_path_factory.mktemp("besieged"))))
        client = await opened.enter_async_context(httpx2.AsyncClient(base_url=stack.base_url, timeout=60))
        operations = stack.health["monitor-stream"][0].replace("/readyz", "/metrics")
        planter = Planter(client, stack.tokens, operations)
        planted = await plant(planter)
        surfaces = await Collector(client, stack.tokens, planted.hints).everything(stack.broker.servers)
        await probe(planter, planted)
    return Besieged(surfaces, planted)


@pytest.fixture(scope="session")
def evidence(besieged: Besieged) -> Evidence:
    """The same, as attacks get it; what follows from it is worked out once."""
    return Evidence(besieged.surfaces, besieged.planted)
