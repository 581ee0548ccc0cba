"""Every operation of every service, with input that a fuzzer makes up from its schema: never a 5xx or off contract.

Whoever has all roles comes farthest. Each role alone, nobody, and every odd text in a request that is otherwise right
have their turn in tests/stateful/test_odd_texts.py. `make faults FAULTS_ONLY=14` makes up thousands.
"""

import pytest

from deploy.local.stack import Stack

from ..conftest import SERVICES
from .fuzzer import made_up, token_of


@pytest.mark.parametrize("service", SERVICES)
async def test_made_up_input_never_breaks_a_service(stack: Stack, service: str) -> None:
    # What passes validation is stored, so the fuzzer comes last.
    options = ("--max-examples=3", "--generation-deterministic", "--max-time=12")
    assert await made_up(stack, service, token_of(stack), *options) == ""
