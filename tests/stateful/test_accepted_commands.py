"""Accepted commands of every kind, at the edges of what may be: none stops a worker, breaks a page or miscounts."""

import httpx2
import pytest

from deploy.local.stack import Stack

from .rounds import Rounds

#: Played each time. `make faults FAULTS_ONLY=13` plays others, for as long as one likes.
_SEED, _ROUNDS, _EXTRA = 14, 4, 40
#: Of the commands that were not spoilt on purpose.
_ACCEPTED = 0.6


@pytest.mark.timeout(300)
async def test_accepted_commands_stop_no_worker_and_break_no_page(stack: Stack) -> None:
    async with httpx2.AsyncClient(base_url=stack.base_url, timeout=30, trust_env=False) as client:
        rounds = Rounds(stack, client, _SEED)
        await rounds.begin()
        for _ in range(_ROUNDS):
            assert await rounds.round(extra=_EXTRA, times=1, follow=30), rounds.told()
        assert await rounds.rest(), rounds.told()
    assert rounds.tally.never() == []
    assert rounds.tally.share >= _ACCEPTED, rounds.tally.why
