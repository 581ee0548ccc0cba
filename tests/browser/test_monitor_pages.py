"""The monitor's pages in a real browser, over figures that came in by the front door: no barrier, no overflow, no
third party. axe-core looks at each in light and in dark."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx2
import pytest
from playwright.async_api import Page, ViewportSize, expect

from deploy.local.stack import Stack

from ..journeys.platform import HELMOND, TODAY, Platform, new_id, until
from .conftest import barriers

EDITION = "pagina-proef"
PAGES = (
    "/monitor",
    "/monitor/kaart?indicator=verbondenheid&bron=enquete&periode=2018",
    "/monitor/kaart?indicator=verbondenheid&bron=enquete&periode=2016&indeling=2022",
    f"/monitor/gebieden/{HELMOND}",
    f"/monitor/waarom?indicator=verbondenheid&gebied={HELMOND}&bron=enquete&periode=2018",
    "/monitor/impact",
    "/monitor/impact/instrumenten",
    "/monitor/edities",
    f"/monitor/edities/{EDITION}",
    f"/monitor/edities/{EDITION}-0/verschil/{EDITION}",
    "/monitor/waarnemingen",
)
_HEADER = "indicator;versie;gebied;indeling;periode;bron;methode;waarde;standaardafwijking;teller;noemer;n;verdeling"
_LINES = [
    f"verbondenheid;1;{area};{year};{year};enquete;vragenlijst;{mean};0,9;;;{n};"
    for year, mean, n in ((2016, "3,2", 120), (2018, "3,6", 140))
    for area in (HELMOND, "GM0772", "GM0758", "GM0788")
]
#: The longest words of all pages must fit as well as the shortest.
_NARROW = ViewportSize(width=320, height=640)


@pytest.fixture(scope="module", autouse=True)
async def figures(stack: Stack) -> AsyncIterator[None]:
    """A survey of two years, a dialogue, and an edition before and after."""
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30) as client:
        platform = Platform(client, dict(stack.tokens))
        await publish(platform, f"{EDITION}-0")
        headers = {"Authorization": f"Bearer {stack.tokens['programme']}"}
        path = f"/monitor/v1/observations?bestandsnaam={quote('proef.csv')}"
        answer = await client.post(path, content="\n".join([_HEADER, *_LINES, ""]).encode(), headers=headers)
        assert answer.status_code in (200, 202), answer.text
        place = f"/monitor/v1/observation-imports/{answer.json()['id']}"

        async def state() -> tuple[object, object]:
            found = (await client.get(place, headers=headers)).json()
            return found["state"], found["stepsLeft"]

        # An edition is refused while a file is half public.
        await until(state, lambda found: found == ("accepted", 0), 60)
        dialogue = new_id()
        await platform.plan(dialogue)
        await platform.hold(dialogue, [0, 2, 5, 8, 5])
        await until(platform.cells, lambda cells: HELMOND in cells, 60)
        await publish(platform, EDITION)
        yield
        await platform.withdraw(dialogue)


async def publish(platform: Platform, edition: str) -> None:
    answer = await platform.post("programme", "/monitor/v1/editions", {"id": edition, "title": "Proef van pagina’s"})
    assert answer.status_code in (200, 201), answer.text


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing_and_a_narrow_screen_fits(page: Page, axe: str, path: str) -> None:
    await page.set_viewport_size(_NARROW)
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == 200
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await barriers(page, axe) == []


async def test_axe_itself_finds_what_is_wrong(page: Page, axe: str) -> None:
    await page.goto("/monitor/kaart")
    await page.evaluate("document.querySelector('label[for=bron]').remove()")
    assert [barrier.split(":")[1] for barrier in await barriers(page, axe)] == ["select-name"] * 2


async def test_the_map_can_be_asked_and_read_by_keyboard_alone(page: Page) -> None:
    await page.goto("/monitor/kaart?indicator=verbondenheid&bron=enquete&periode=2016")
    await page.focus("#periode")
    await page.keyboard.press("ArrowUp")
    for _ in range(2):
        await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Toon de kaart")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("periode=2018"))
    await expect(page.get_by_role("img", name="Verbondenheid per gemeente, 2018")).to_be_visible()
    await page.get_by_role("link", name="Waarom veranderde het cijfer van Helmond?").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=2, name="Verbondenheid in Helmond, 2018")).to_be_visible()
    await expect(page.get_by_text("klopt", exact=True)).to_be_visible()


async def test_an_area_keeps_its_open_table_while_figures_move(page: Page, platform: Platform) -> None:
    await page.goto(f"/monitor/gebieden/{HELMOND}?per=maand")
    await expect(page.locator(".live")).to_have_attribute("data-state", "open")
    figures = page.locator("article", has_text="Dialogen").first
    await figures.locator("summary").press("Enter")
    row = figures.get_by_role("row").nth(1)
    before = await row.inner_text()
    dialogue = new_id()
    await platform.plan(dialogue)
    await platform.hold(dialogue, [0, 0, 0, 0, 40])
    await expect(row).not_to_have_text(before, use_inner_text=True)
    await expect(row).to_be_visible()
    await platform.withdraw(dialogue)
    await expect(row).to_have_text(before, use_inner_text=True)
    assert str(TODAY.year) in before
