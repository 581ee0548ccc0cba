"""Schemathesis against a service of a running stack: input made up from its OpenAPI document."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from deploy.local.stack import Stack
from shared.http.auth import ROLES, mint

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


def token_of(stack: Stack, *roles: str) -> str:
    """A token of the stack with these roles, by default all: nothing is refused for want of one."""
    key = (stack.state / "keys" / "private.pem").read_text(encoding="utf-8")
    return mint(key, f"fuzzer-{len(roles)}", roles or ROLES, datetime.now(UTC), timedelta(days=1))


async def made_up(stack: Stack, service: str, token: str, *options: str) -> str:
    """Let it make up input for every operation of a service; what it found, empty when that is nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{stack.base_url}/{service}/v1/openapi.json",
        *([f"--header=Authorization: Bearer {token}"] if token else []),
        f"--checks={','.join(_CHECKS)}",
        "--phases=examples,coverage,fuzzing",
        "--no-color",
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return output.decode()[-6000:] if process.returncode else ""
