"""Debian's Chromium, driven by Playwright, looking at the running stack."""

import shutil
from collections.abc import AsyncIterator
from importlib.resources import files

import pytest
from playwright.async_api import Browser, Page, async_playwright

from deploy.local.stack import Stack

from ..journeys.conftest import platform

__all__ = ["platform"]

#: Nothing but the page itself may use the network.
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_RUN_AXE = """axe.run(document, {resultTypes: ["violations"]}).then((ran) =>
    ran.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`)))"""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=list(_QUIET))
        yield running
        await running.close()


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """A page that fails its test on a script error, a broken request, or a request to a third party."""
    context = await browser.new_context(locale="nl-NL", base_url=stack.base_url)
    opened = await context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on(
        "request",
        lambda request: None if request.url.startswith(stack.base_url) else complaints.append(request.url),
    )
    yield opened
    await context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which Deque publishes for testing."""
    pytest.importorskip("axe_playwright_python", reason="no axe-core here: a changed lock installs it")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


async def barriers(page: Page, axe: str) -> list[str]:
    """What axe-core finds wrong with the page that is open, in light and in dark: `scheme:rule: element`."""
    await page.evaluate(axe)
    found: list[str] = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}:{one}" for one in await page.evaluate(_RUN_AXE)]
    return found
