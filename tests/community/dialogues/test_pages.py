"""The page of a dialogue."""

import httpx2

from shared.database import Connection

from ..team import store_held_dialogue


async def test_a_dialogue_has_a_page_until_its_outcome_is_withdrawn(
    client: httpx2.AsyncClient, connection: Connection
) -> None:
    await store_held_dialogue(connection)
    shown = (await client.get("/dialogen/d-1")).text
    assert "Een buurtkamer &lt;i&gt;openen&lt;/i&gt;" in shown
    assert "Ontmoeting" in shown
    assert "bewoners" not in shown
    await connection.execute(
        "UPDATE dialogue SET status = 'withdrawn', withdrawn_at = now(), withdrawal_reason = 'wrong-data'"
    )
    hidden = (await client.get("/dialogen/d-1")).text
    assert "de gegevens klopten niet" in hidden
    assert "buurtkamer" not in hidden
