"""Newsletter triggers over HTTP: with their sentence, and page by page in both directions."""

import httpx2

from ..conftest import Publish
from ..paging import read_all
from ..samples import FINDING, HELD, LESSON, NAMES, ORGANISATION, PHASE, WITHDRAWN

TRIGGERS = "/community/v1/newsletter-triggers"


async def test_triggers_are_listed_with_their_sentence(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(*NAMES, PHASE, ORGANISATION, LESSON, HELD, FINDING, WITHDRAWN)
    page = (await client.get(TRIGGERS)).json()
    assert [(item["reason"], item["withdrawnAt"] is None) for item in page["items"]] == [
        ("budget-finding", True),
        ("dialogue-held", False),
        ("lesson-drawn", True),
        ("phase-reached", True),
    ]
    assert page["items"][3]["text"] == "sociale-stad is nu in voorbereiding"
    assert await read_all(client, TRIGGERS, "before", 2) == [5, 4, 3, 1]
    assert await read_all(client, TRIGGERS, "after", 2, after="1") == [3, 4, 5]
    assert await read_all(client, TRIGGERS, "before", 2, reason="lesson-drawn") == [3]
