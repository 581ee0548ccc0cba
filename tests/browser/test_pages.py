"""What a person sees: pages that follow what happens, without a reload."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from playwright.async_api import Page, expect

from deploy.local.stack import Stack

from ..journeys.platform import HELMOND, Platform, new_id
from .conftest import barriers

PAGES = (
    "/",
    "/initiatieven",
    "/initiatieven/sociale-stad",
    "/monitor",
    "/netwerk",
    "/financien",
    "/feeds",
    "/nieuwsbrief",
    "/dialogen/een-dialoog",
)


@pytest.fixture(scope="module", autouse=True)
async def dialogue(stack: Stack) -> AsyncIterator[None]:
    """One dialogue to look at."""
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30) as client:
        platform = Platform(client, dict(stack.tokens))
        await platform.plan("een-dialoog")
        yield
        await platform.withdraw("een-dialoog")


async def test_a_dialogue_in_helmond_appears_on_the_open_page(page: Page, platform: Platform) -> None:
    await page.goto("/")
    await expect(page.locator(".live")).to_have_attribute("data-state", "open")
    shown = page.locator("ol.activity > li")
    dialogue = new_id()
    await platform.plan(dialogue)
    await platform.hold(dialogue, [0, 2, 5, 8, 5])
    await expect(shown.filter(has_text=re.compile("Dialoog gehouden in Helmond")).first).to_be_visible()
    await platform.withdraw(dialogue)
    await expect(shown.filter(has_text=re.compile("ingetrokken", re.IGNORECASE)).first).to_be_visible()


async def test_an_open_monitor_follows_the_figures(page: Page, platform: Platform) -> None:
    first, second = new_id(), new_id()
    await platform.plan(first)
    await platform.hold(first, [0, 0, 4, 4, 4])
    await page.goto(f"/monitor/gebieden/{HELMOND}")
    figures = page.locator("#cijfers")
    await expect(figures).to_contain_text("Verbondenheid, Dialogen")
    before = await figures.inner_text()
    await platform.plan(second)
    await platform.hold(second, [0, 0, 0, 0, 40])
    await expect(figures).not_to_have_text(before)
    await platform.withdraw(second)
    await expect(figures).to_have_text(before, use_inner_text=True)
    await platform.withdraw(first)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_fits_a_narrow_screen_and_names_itself(page: Page, path: str) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == 200
    assert await page.evaluate("document.documentElement.lang") == "nl"
    assert await page.locator("h1").count() == 1
    assert await page.title()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing(page: Page, axe: str, path: str) -> None:
    await page.goto(path)
    assert await barriers(page, axe) == []


@pytest.mark.parametrize("path", PAGES)
async def test_the_keyboard_reaches_the_content(page: Page, path: str) -> None:
    await page.goto(path)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "#inhoud"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "inhoud"
