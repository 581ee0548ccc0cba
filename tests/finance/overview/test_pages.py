"""The page of finance."""

import httpx2

from ..samples import COMMITMENT, COMMITMENTS


async def test_the_page_shows_the_budget_with_names(client: httpx2.AsyncClient) -> None:
    await client.post(COMMITMENTS, json=COMMITMENT)
    text = (await client.get("/financien")).text
    for expected in (
        "€\u00a016.800.000",
        "daarvan inzet ZET",
        "Wat niet aansluit",
        "-€\u00a054.372",
        "Gemeente Helmond",
    ):
        assert expected in text
    assert "Slowcare &lt;Oss&gt;" in text
    assert 'data-refresh-on="nl.veerkracht.commitment.made.v1,nl.veerkracht.disbursement.made.v1"' in text
