"""The page with all initiatives."""

from collections.abc import Callable

import httpx2

from ..samples import INITIATIVE, PATH


async def test_the_page_has_every_initiative_with_its_phase_and_places_the_numbered_first(
    client: httpx2.AsyncClient, bearer: Callable[..., dict[str, str]]
) -> None:
    await client.post(PATH, json=INITIATIVE, headers=bearer("programme"))
    numbered = {**INITIATIVE, "id": "slowcare", "number": "2.10", "title": "Slowcare <b>", "municipalities": []}
    await client.post(PATH, json=numbered, headers=bearer("programme"))
    text = (await client.get("/initiatieven")).text
    assert text.index("Slowcare &lt;b&gt;") < text.index("Buurtkamer Annawijk")
    assert "Verkenning" in text
    assert "<td>Helmond</td>" in text
    assert "<td>Brabantbreed</td>" in text
