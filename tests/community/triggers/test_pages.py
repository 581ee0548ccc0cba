"""The page of what the newsletter may want to tell."""

import httpx2

from ..conftest import Publish
from ..samples import HELD, NAMES, WITHDRAWN


async def test_a_withdrawn_trigger_is_marked_on_the_newsletter_page(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(*NAMES, HELD, WITHDRAWN)
    text = (await client.get("/nieuwsbrief")).text
    assert text.count("Ingetrokken: niet plaatsen") == 1
