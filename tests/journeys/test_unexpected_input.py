"""Every operation of every service, with input that a fuzzer makes up from its schema: never a 5xx or off contract."""

import asyncio
import sys

import pytest

from deploy.local.stack import Stack

from ..conftest import SERVICES

#: Each writes with the role that may; what passes validation is stored, so the fuzzer comes last.
_ROLES = {
    "initiatives": "programme",
    "monitor": "programme",
    "community": "community",
    "finance": "finance",
    "feeds": "partner",
}
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


@pytest.mark.parametrize("service", SERVICES)
async def test_made_up_input_never_breaks_a_service(stack: Stack, service: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{stack.base_url}/{service}/v1/openapi.json",
        f"--header=Authorization: Bearer {stack.tokens[_ROLES[service]]}",
        f"--checks={','.join(_CHECKS)}",
        "--max-examples=3",
        "--phases=examples,coverage,fuzzing",
        "--generation-deterministic",
        "--max-time=12",
        "--no-color",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-6000:]
