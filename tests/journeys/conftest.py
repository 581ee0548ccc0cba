"""A client of the running stack."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy.local.stack import Stack

from .platform import Platform


@pytest.fixture
async def platform(stack: Stack) -> AsyncIterator[Platform]:
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=10) as client:
        yield Platform(client, dict(stack.tokens))
